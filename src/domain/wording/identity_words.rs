//! The words by which a question asks for an identity, in Vietnamese, English and Khmer.
//!
//! **Sure** words ask wherever they stand and are not forbidden ("họ tên", "phone number"). **Possible** words ask
//! only where the sentence does ("căn cước" is also a paper that one waits for).

/// Words of a kind of identity; each list is parted by strokes `|`.
pub(super) struct Identity {
    /// What is asked for, in messages.
    pub what: &'static str,
    /// Vietnamese, sure.
    pub vi: &'static str,
    /// Vietnamese, possible.
    pub vi_possible: &'static str,
    /// English, sure.
    pub en: &'static str,
    /// English, possible.
    pub en_possible: &'static str,
    /// Khmer, sure; runs of letters, because Khmer has no blanks.
    pub km: &'static str,
    /// Khmer, possible.
    pub km_possible: &'static str,
    /// Whether an office may have one too ("the office's telephone number").
    pub office: Office,
    /// Words of slugs that say it in any question, joined by `_`.
    pub slug: &'static str,
    /// Words of slugs that say it where something is typed.
    pub slug_open: &'static str,
}

/// Whether an office may have such a thing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Office {
    /// A telephone number, an address.
    HasOneToo,
    /// Only people have it; the name of a person at the office is a person's name.
    PeopleOnly,
}

pub(super) const IDENTITIES: &[Identity] = &[
    Identity {
        what: "a name",
        vi: "họ tên|họ và tên|tên họ|tên đầy đủ|tên tuổi|quý danh|danh tính|tên của ông bà|\
             tên ông bà|ông bà tên|ông bà là ai|chữ ký|ký tên",
        vi_possible: "tên|tên cán bộ|tên công chức",
        en: "full name|your name|first name|last name|family name|surname|given name|\
             who are you|your identity|your signature|sign your|name of the official|\
             officials name",
        en_possible: "name|signature",
        km: "ឈ្មោះលោកអ្នក|ឈ្មោះរបស់|នាមត្រកូល|គោត្តនាម|ឈ្មោះពេញ|នាមខ្លួន|ឈ្មោះអ្វី|ហត្ថលេខា",
        km_possible: "ឈ្មោះ",
        office: Office::PeopleOnly,
        slug: "full_name|fullname|ho_ten|hoten|ho_va_ten|surname|signature",
        slug_open: "name|ten|identity",
    },
    Identity {
        what: "a telephone number",
        vi: "số điện thoại|sđt|sdt|số di động|số đt|điện thoại liên hệ|điện thoại liên lạc|\
             điện thoại của ông bà|điện thoại ông bà|số zalo|zalo của ông bà|số máy",
        vi_possible: "điện thoại|zalo|facebook|thông tin liên hệ|thông tin liên lạc",
        en: "phone number|telephone number|mobile number|number of your phone|your phone|\
             your telephone|your mobile|contact number|your contact|your zalo|your facebook",
        en_possible: "phone|telephone|mobile|zalo|facebook|contact details",
        km: "លេខទូរស័ព្ទ|លេខទូរសព្ទ|ទូរស័ព្ទរបស់លោកអ្នក|ទូរសព្ទរបស់លោកអ្នក",
        km_possible: "ទូរស័ព្ទ|ទូរសព្ទ",
        office: Office::HasOneToo,
        slug: "phone_number|so_dien_thoai|sdt",
        slug_open: "phone|telephone|mobile|dien_thoai|zalo|facebook|contact",
    },
    Identity {
        what: "an e-mail address",
        vi: "địa chỉ email|địa chỉ e mail|email của ông bà|e mail của ông bà|\
             địa chỉ thư điện tử",
        vi_possible: "email|e mail|thư điện tử|gmail",
        en: "email address|e mail address|your email|your e mail",
        en_possible: "email|e mail",
        km: "អ៊ីមែលរបស់|អ៊ីម៉ែលរបស់|អាសយដ្ឋានអ៊ីមែល|អាសយដ្ឋានអ៊ីម៉ែល",
        km_possible: "អ៊ីមែល|អ៊ីម៉ែល",
        office: Office::HasOneToo,
        slug: "email_address",
        slug_open: "email|mail|gmail",
    },
    Identity {
        what: "an address",
        vi: "địa chỉ nhà|địa chỉ thường trú|địa chỉ tạm trú|địa chỉ nơi ở|địa chỉ liên hệ|\
             địa chỉ của ông bà|địa chỉ ông bà|hộ khẩu thường trú|nơi thường trú|\
             nhà ông bà ở đâu|ông bà sống ở đâu|ông bà ở đâu|cư trú ở đâu|quê quán",
        vi_possible: "địa chỉ|hộ khẩu",
        en: "home address|postal address|your address|where do you live|where you live|\
             your home",
        en_possible: "address",
        km: "អាសយដ្ឋានរបស់|អាសយដ្ឋានផ្ទះ|អាសយដ្ឋានលោកអ្នក|រស់នៅទីណា|ទីលំនៅរបស់",
        km_possible: "អាសយដ្ឋាន",
        office: Office::HasOneToo,
        slug: "home_address",
        slug_open: "address|dia_chi|diachi",
    },
    Identity {
        what: "a place finer than the unit",
        vi: "số nhà|thôn nào|ấp nào|khóm nào|xóm nào|tổ nào|bản nào|buôn nào|sóc nào|\
             khu phố nào|đường nào|tên đường|tên ấp|tên thôn|thôn ấp|ấp khóm|tổ dân phố|\
             thôn của ông bà|ấp của ông bà|khóm của ông bà|vị trí hiện tại|tọa độ|gps",
        vi_possible: "thôn|ấp|khóm|xóm|ngõ|hẻm",
        en: "house number|which village|which hamlet|which street|what village|what hamlet|\
             what street|your village|your hamlet|your street|village name|hamlet name|\
             street name|name of your|village or hamlet|hamlet or village|gps|your location|\
             coordinates",
        en_possible: "village|hamlet|street|neighbourhood|neighborhood",
        km: "ភូមិណា|លេខផ្ទះ|ផ្ទះលេខ|ភូមិរបស់|ភូមិលោកអ្នក|ផ្លូវណា|ឈ្មោះភូមិ|ឈ្មោះផ្លូវ|\
             ភូមិអ្វី",
        km_possible: "ភូមិ",
        office: Office::HasOneToo,
        slug: "hamlet|house_number|so_nha|gps",
        slug_open: "village|street|thon|ap|location",
    },
    Identity {
        what: "an identity paper",
        vi: "số căn cước|số thẻ căn cước|số cccd|số cmnd|số cmt|số chứng minh|số định danh|\
             mã định danh|số hộ chiếu|cccd của ông bà|cmnd của ông bà|căn cước của ông bà|\
             số giấy tờ tùy thân|mã số thuế|biển số xe|vân tay",
        vi_possible: "cccd|cmnd|cmt|căn cước|căn cước công dân|chứng minh nhân dân|chứng minh thư|\
             hộ chiếu|giấy tờ tùy thân",
        en: "identity card number|id card number|id number|identity number|\
             identification number|citizen id|passport number|your identity card|\
             your id card|your id|your passport|tax code|licence plate|fingerprint|\
             number of your identity card",
        en_possible: "identity card|id card|passport|national id",
        km: "លេខអត្តសញ្ញាណ|អត្តសញ្ញាណប័ណ្ណរបស់លោកអ្នក|លេខលិខិតឆ្លងដែន",
        km_possible: "អត្តសញ្ញាណប័ណ្ណ|អត្តសញ្ញាណបណ្ណ|លិខិតឆ្លងដែន",
        office: Office::PeopleOnly,
        slug: "cccd|cmnd|cmt|can_cuoc|id_card|id_number|passport|national_id|citizen_id",
        slug_open: "tax_code|plate",
    },
    Identity {
        what: "a date of birth",
        vi: "ngày sinh|ngày tháng năm sinh|năm sinh|sinh ngày|sinh năm|tháng sinh",
        vi_possible: "",
        en: "date of birth|birth date|birthdate|birthday|year of birth|when were you born|dob",
        en_possible: "born",
        km: "ថ្ងៃខែឆ្នាំកំណើត|ថ្ងៃកំណើត|ឆ្នាំកំណើត|កើតថ្ងៃ|កើតឆ្នាំ",
        km_possible: "",
        office: Office::PeopleOnly,
        slug: "date_of_birth|birth_date|birthdate|birthday|dob|ngay_sinh|nam_sinh|birth_year",
        slug_open: "birth",
    },
    Identity {
        what: "a dossier number",
        vi: "mã hồ sơ|mã số hồ sơ|số hồ sơ của ông bà|số hồ sơ in|số hồ sơ trên|số biên nhận|\
             mã biên nhận|số giấy hẹn|mã giấy hẹn|số phiếu hẹn|mã tra cứu",
        vi_possible: "số hồ sơ",
        en: "dossier number|dossier code|dossier id|file number|case number|\
             application number|application code|receipt number|reference number|\
             number of your dossier|tracking code",
        en_possible: "",
        km: "លេខសំណុំឯកសារ|លេខកូដឯកសារ|លេខសំណុំរឿង|កូដសំណុំឯកសារ|លេខបង្កាន់ដៃ",
        km_possible: "",
        office: Office::PeopleOnly,
        slug: "ma_ho_so|so_ho_so|dossier_number|dossier_code|dossier_id|case_number",
        slug_open: "dossier|ho_so|reference",
    },
    Identity {
        what: "an insurance number",
        vi: "số bhxh|mã bhxh|mã số bhxh|số bảo hiểm|mã số bảo hiểm|số sổ bảo hiểm|\
             số thẻ bảo hiểm|số bhyt|mã bhyt|số thẻ bhyt|bhxh của ông bà",
        vi_possible: "bhxh|bhyt|sổ bảo hiểm|thẻ bảo hiểm",
        en: "insurance number|social insurance code|insurance card number|your insurance",
        en_possible: "social insurance|health insurance",
        km: "លេខធានារ៉ាប់រង|លេខបណ្ណធានារ៉ាប់រង|លេខបេឡាសន្តិសុខ",
        km_possible: "",
        office: Office::PeopleOnly,
        slug: "bhxh|bhyt|insurance_number|insurance_id",
        slug_open: "insurance",
    },
    Identity {
        what: "a photograph",
        vi: "ảnh chân dung|ảnh thẻ|ảnh của ông bà|hình của ông bà|ảnh cccd|ảnh căn cước|\
             ảnh khuôn mặt|tải ảnh|gửi ảnh|chụp ảnh",
        vi_possible: "ảnh|hình ảnh",
        en: "your photo|your photograph|your picture|photo of you|photo of yourself|a photo|\
             selfie",
        en_possible: "photo|photograph",
        km: "រូបថតរបស់|រូបថតលោកអ្នក|រូបថត",
        km_possible: "",
        office: Office::HasOneToo,
        slug: "selfie|portrait",
        slug_open: "photo|picture|anh_chan_dung",
    },
    Identity {
        what: "an account",
        vi: "số tài khoản|tên tài khoản|tài khoản của ông bà|tài khoản ngân hàng|\
             tên đăng nhập|mật khẩu",
        vi_possible: "tài khoản",
        en: "account number|bank account|account name|your account|user name|username|\
             password",
        en_possible: "account",
        km: "លេខគណនី|គណនីរបស់លោកអ្នក|ឈ្មោះគណនី|ពាក្យសម្ងាត់",
        km_possible: "គណនី",
        office: Office::HasOneToo,
        slug: "account_number|bank_account|so_tai_khoan|username|password",
        slug_open: "account|tai_khoan",
    },
];

/// Verbs of writing and asking, Vietnamese and English.
pub(super) const VERBS: &[&str] = &[
    "ghi",
    "viết",
    "nêu",
    "điền",
    "để lại",
    "hỏi",
    "lưu",
    "thu thập",
    "kèm",
    "cung cấp",
    "cho biết",
    "nhập",
    "khai",
    "đăng",
    "gửi",
    "biết",
    "chụp",
    "gõ",
    "cho xin",
    "đính kèm",
    "tải",
    "yêu cầu",
    "cần",
    "đòi",
    "giữ",
    "write",
    "give",
    "enter",
    "include",
    "ask",
    "asks",
    "asked",
    "record",
    "records",
    "store",
    "stores",
    "keep",
    "keeps",
    "mention",
    "leave",
    "put",
    "type",
    "tell",
    "state",
    "provide",
    "share",
    "know",
    "knows",
    "see",
    "sees",
    "need",
    "needs",
    "require",
    "collect",
    "collects",
    "fill",
    "attach",
    "add",
    "send",
    "upload",
    "want",
];

/// Words that turn a verb or a name of a thing round.
pub(super) const NEGATORS: &[&str] = &[
    "không", "đừng", "chớ", "chẳng", "miễn", "khỏi", "tránh", "not", "dont", "doesnt", "never", "no",
    "without", "nobody", "cannot", "cant", "avoid", "neither", "nor",
];

/// Words that end what a negation reaches.
pub(super) const TURNS: &[&str] =
    &["nhưng", "mà", "song", "chỉ", "but", "only", "except", "trừ", "hãy", "please"];

/// Words after which a coordinated verb keeps the negation before it: "do not keep or ask".
pub(super) const AND_OR: &[&str] = &["or", "nor", "hoặc", "hay"];

/// What follows a possible word where it is the answerer's own.
pub(super) const OWN_AFTER: &[&str] = &[
    "của ông bà",
    "của ông",
    "của bà",
    "của bạn",
    "của mình",
    "của anh",
    "của chị",
    "của quý",
    "của tôi",
    "của người",
    "ông bà",
    "là gì",
    "gì",
    "nào",
    "người trả lời",
    "người nộp",
    "cá nhân",
    "đang ở",
    "nơi ông bà",
    "đã tiếp",
    "tiếp ông bà",
    "mà ông bà",
    "đang sống",
    "of yours",
    "where you",
];

/// What stands before a possible word where it is the answerer's own.
pub(super) const OWN_BEFORE: &[&str] = &["your", "which", "sống ở", "ở", "cư trú tại", "what"];

/// Whose it is where it is an office's, or a thing's, after the word.
pub(super) const OTHERS_AFTER: &[&str] = &[
    "cơ quan",
    "của cơ quan",
    "đơn vị",
    "của đơn vị",
    "ủy ban",
    "uỷ ban",
    "của ủy ban",
    "của xã",
    "của phường",
    "bộ phận",
    "của bộ phận",
    "trung tâm",
    "của trung tâm",
    "đường dây nóng",
    "thủ tục",
    "dịch vụ",
    "lĩnh vực",
    "giấy tờ",
    "loại",
    "quầy",
    "trụ sở",
    "of the office",
    "of the agency",
    "of the procedure",
    "of the service",
    "of the hotline",
    "of the form",
    "of the unit",
    "trang thông tin",
    "công khai",
    "nơi làm việc",
];

/// Whose it is where it is an office's, before the word.
pub(super) const OTHERS_BEFORE: &[&str] = &[
    "hotline",
    "office",
    "offices",
    "agency",
    "agencys",
    "public",
    "thủ tục",
    "cơ quan",
    "đường dây nóng",
    "dịch vụ",
    "bảng",
    "biển",
];

/// Words that say nothing in a label: "please enter your".
pub(super) const FILLERS: &[&str] = &[
    "ông", "bà", "xin", "vui", "lòng", "của", "số", "nhập", "ghi", "điền", "cho", "biết", "là", "please",
    "enter", "your", "the", "number", "no", "ông bà", "quý", "bạn", "anh", "chị", "a", "an", "và", "and",
    "hoặc", "or", "nếu", "có", "if", "any", "optional", "liên", "hệ",
];

/// Khmer words of not doing.
pub(super) const KM_NEGATORS: &[&str] = &["កុំ", "មិន", "គ្មាន", "ឥត", "មិនត្រូវ"];
/// Khmer words that end what a negation reaches.
pub(super) const KM_TURNS: &[&str] = &["ប៉ុន្តែ", "សូម", "តើ", "ទេ"];
/// Khmer verbs of writing and asking.
pub(super) const KM_VERBS: &[&str] = &["សរសេរ", "បញ្ចូល", "បំពេញ", "ប្រាប់", "ផ្តល់", "ដាក់", "កត់", "ឱ្យ"];
/// What follows a Khmer word where it is an office's or a thing's.
pub(super) const KM_OTHERS_AFTER: &[&str] =
    &["ស្ថាប័ន", "ទីភ្នាក់ងារ", "របស់ស្ថាប័ន", "នីតិវិធី", "សេវា", "ភាគ", "សាស្ត្រ", "របស់ទីភ្នាក់ងារ", "បន្ទាន់"];
/// What follows a Khmer word where it is the answerer's own.
pub(super) const KM_OWN_AFTER: &[&str] = &["របស់លោកអ្នក", "លោកអ្នក", "អ្វី", "ណា", "របស់អ្នក", "ផ្ទាល់ខ្លួន"];
