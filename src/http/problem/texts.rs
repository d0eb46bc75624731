//! The words of every problem, in Vietnamese, Khmer and English. A person who answered a form reads some of
//! them, so they say what to do. The Khmer words are drafts until a reviewer is named.

use crate::domain::ids::Language;

/// A text in Vietnamese, Khmer and English.
pub(super) type Three = [&'static str; 3];

/// The text in the reader's language, else in Vietnamese.
#[must_use]
pub(super) fn pick(language: Language, [vi, km, en]: Three) -> &'static str {
    match language {
        Language::KM => km,
        Language::EN => en,
        _ => vi,
    }
}

/// The words of one code.
pub(super) struct Entry {
    /// The stable code.
    pub(super) code: &'static str,
    /// The same for every problem of this code.
    pub(super) title: Three,
    /// What happened and what can be done; `{}` is filled in.
    pub(super) detail: Three,
}

/// The words of a code; those of a fault of ours where it has none (a test sees that each has).
#[must_use]
pub(super) fn of(code: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.code == code)
}

static ENTRIES: &[Entry] = &[
    Entry {
        code: "method-not-allowed",
        title: ["Cách gọi không được hỗ trợ", "វិធីហៅមិនត្រូវបានគាំទ្រ", "Method not allowed"],
        detail: ["Địa chỉ này chỉ nhận: {}.", "អាសយដ្ឋាននេះទទួលតែ៖ {}។", "This address takes: {}."],
    },
    Entry {
        code: "bad-json",
        title: ["Nội dung không phải JSON", "ខ្លឹមសារមិនមែន JSON", "Not JSON"],
        detail: [
            "Nội dung gửi lên không đọc được dưới dạng JSON tại dòng:cột {}.",
            "ខ្លឹមសារដែលផ្ញើមកមិនអាចអានជា JSON នៅបន្ទាត់៖ជួរឈរ {}។",
            "The body stops being JSON at line:column {}.",
        ],
    },
    Entry {
        code: "too-large",
        title: ["Nội dung quá lớn", "ខ្លឹមសារធំពេក", "Body too large"],
        detail: ["Tối đa {} byte.", "អតិបរមា {} បៃ។", "At most {} bytes."],
    },
    Entry {
        code: "unsupported-media-type",
        title: ["Kiểu nội dung không được hỗ trợ", "ប្រភេទខ្លឹមសារមិនត្រូវបានគាំទ្រ", "Unsupported media type"],
        detail: [
            "Hãy gửi với Content-Type: {}.",
            "សូមផ្ញើជាមួយ Content-Type: {}។",
            "Send it with Content-Type: {}.",
        ],
    },
    Entry {
        code: "timeout",
        title: ["Hết thời gian chờ", "ផុតកំណត់ពេលរង់ចាំ", "Timed out"],
        detail: [
            "Yêu cầu không đến kịp. Xin gửi lại.",
            "សំណើមកមិនទាន់ពេល។ សូមផ្ញើម្ដងទៀត។",
            "The request did not arrive in time. Please send it again.",
        ],
    },
    Entry {
        code: "invalid",
        title: ["Có chỗ cần sửa", "មានកន្លែងត្រូវកែ", "Something needs to be corrected"],
        detail: [
            "Có {} chỗ chưa đúng. Mỗi chỗ được nêu trong \"errors\".",
            "មាន {} កន្លែងមិនទាន់ត្រឹមត្រូវ។ កន្លែងនីមួយៗមានក្នុង \"errors\"។",
            "{} places need correction; each is named in \"errors\".",
        ],
    },
    Entry {
        code: "two-series",
        title: [
            "Không thể gộp hai chuỗi số liệu",
            "មិនអាចបូកបញ្ចូលស៊េរីពីរបានទេ",
            "Two series cannot make one figure",
        ],
        detail: [
            "Một con số sẽ phải gộp các phiếu không so sánh được với nhau ({}). Hãy tách theo kỳ hoặc chọn mẫu phiếu.",
            "តួលេខមួយនឹងត្រូវបូកសំណួរដែលប្រៀបធៀបគ្នាមិនបាន ({})។ សូមបំបែកតាមរយៈពេល ឬជ្រើសទម្រង់។",
            "One figure would pool questionnaires that cannot be compared ({}). Split by period, or choose a form.",
        ],
    },
    Entry {
        code: "unauthorized",
        title: ["Cần mã truy cập hợp lệ", "ត្រូវការលេខកូដចូលត្រឹមត្រូវ", "A valid token is needed"],
        detail: [
            "Hãy gửi \"Authorization: Bearer\" cùng mã truy cập còn hiệu lực.",
            "សូមផ្ញើ \"Authorization: Bearer\" ជាមួយលេខកូដចូលដែលនៅមានសុពលភាព។",
            "Send \"Authorization: Bearer\" with a token that is still valid.",
        ],
    },
    Entry {
        code: "missing-role",
        title: ["Không có quyền", "គ្មានសិទ្ធិ", "Not allowed"],
        detail: [
            "Tài khoản này không có quyền làm việc đó. Xin hỏi người quản trị.",
            "គណនីនេះគ្មានសិទ្ធិធ្វើការនោះទេ។ សូមសួរអ្នកគ្រប់គ្រង។",
            "No role of this account allows it. Ask an administrator.",
        ],
    },
    Entry {
        code: "second-factor",
        title: ["Cần lớp xác thực thứ hai", "ត្រូវការការផ្ទៀងផ្ទាត់ទីពីរ", "A second factor is needed"],
        detail: [
            "Vai trò này bắt buộc có lớp xác thực thứ hai. Xin cài đặt ở trang tài khoản.",
            "តួនាទីនេះតម្រូវឱ្យមានការផ្ទៀងផ្ទាត់ទីពីរ។ សូមដំឡើងនៅទំព័រគណនី។",
            "This role needs a second factor. Set it up on the page of your account.",
        ],
    },
    Entry {
        code: "bad-request",
        title: ["Yêu cầu không đọc được", "មិនអាចអានសំណើបាន", "Bad request"],
        detail: ["Yêu cầu không đúng dạng.", "សំណើមិនត្រូវទម្រង់។", "The request cannot be read."],
    },
    Entry {
        code: "mistyped-code",
        title: ["Mã bị gõ nhầm", "លេខកូដវាយខុស", "The code is mistyped"],
        detail: [
            "Mã có một ký tự chưa đúng. Xin xem lại mã in trên giấy hẹn.",
            "លេខកូដមានតួអក្សរមួយមិនត្រឹមត្រូវ។ សូមមើលលេខកូដលើបង្កាន់ដៃម្ដងទៀត។",
            "One character of the code is wrong. Please look at the code on the receipt again.",
        ],
    },
    Entry {
        code: "spent-code",
        title: ["Mã đã được dùng", "លេខកូដត្រូវបានប្រើរួច", "The code was used"],
        detail: [
            "Phiếu của mã này đã được nhận. Xin cảm ơn ông/bà.",
            "ចម្លើយសម្រាប់លេខកូដនេះត្រូវបានទទួលរួចហើយ។ សូមអរគុណ។",
            "An answer with this code was received before. Thank you.",
        ],
    },
    Entry {
        code: "key-conflict",
        title: [
            "Khóa gửi đã dùng cho nội dung khác",
            "សោផ្ញើត្រូវបានប្រើសម្រាប់ខ្លឹមសារផ្សេង",
            "Submission key used before",
        ],
        detail: [
            "Khóa gửi này đã đi cùng nội dung khác; không có gì được lưu thêm.",
            "សោផ្ញើនេះធ្លាប់មានជាមួយខ្លឹមសារផ្សេង គ្មានអ្វីត្រូវបានរក្សាទុកបន្ថែមទេ។",
            "This submission key came with other content before; nothing was added.",
        ],
    },
    Entry {
        code: "receipt-state",
        title: ["Không đổi được giấy hẹn này", "មិនអាចប្ដូរបង្កាន់ដៃនេះបានទេ", "The receipt cannot be changed"],
        detail: [
            "Mã đã được dùng, đã hủy, đã thay hoặc đã hết hạn.",
            "លេខកូដត្រូវបានប្រើ លុប ជំនួស ឬផុតកំណត់។",
            "The code is used, void, replaced or expired.",
        ],
    },
    Entry {
        code: "expired-code",
        title: ["Mã đã hết hạn", "លេខកូដផុតកំណត់", "The code has expired"],
        detail: [
            "Thời hạn trả lời bằng mã này đã qua.",
            "ពេលវេលាឆ្លើយដោយលេខកូដនេះបានកន្លងផុតហើយ។",
            "The time to answer with this code is over.",
        ],
    },
    Entry {
        code: "void-code",
        title: ["Mã đã bị hủy", "លេខកូដត្រូវបានលុប", "The code is void"],
        detail: [
            "Mã này đã được cơ quan cấp hủy bỏ.",
            "លេខកូដនេះត្រូវបានស្ថាប័នដែលចេញលុបចោល។",
            "The office that issued this code took it back.",
        ],
    },
    Entry {
        code: "replaced-code",
        title: ["Mã đã được thay", "លេខកូដត្រូវបានជំនួស", "The code was replaced"],
        detail: [
            "Giấy hẹn đã được in lại; xin dùng mã mới.",
            "បង្កាន់ដៃត្រូវបានបោះពុម្ពឡើងវិញ សូមប្រើលេខកូដថ្មី។",
            "The receipt was printed again; please use the new code.",
        ],
    },
    Entry {
        code: "closed-unit",
        title: ["Nơi này không còn phục vụ", "ទីនេះលែងបម្រើហើយ", "This place serves no more"],
        detail: [
            "Đơn vị của mã QR này đã ngừng hoạt động. Xin hỏi nơi ông/bà vừa làm thủ tục.",
            "អង្គភាពនៃ QR នេះបានឈប់ដំណើរការ។ សូមសួរនៅកន្លែងដែលលោកអ្នកទើបធ្វើនីតិវិធី។",
            "The unit of this QR code is closed. Please ask where you were served.",
        ],
    },
    Entry {
        code: "address-too-long",
        title: ["Địa chỉ công khai quá dài", "អាសយដ្ឋានសាធារណៈវែងពេក", "The public address is too long"],
        detail: [
            "Mã QR không in được đủ lớn; tên máy chủ dài nhất là {} ký tự.",
            "QR មិនអាចបោះពុម្ពធំគ្រប់គ្រាន់ ឈ្មោះម៉ាស៊ីនវែងបំផុត {} តួអក្សរ។",
            "The QR symbol would be too fine to print; the longest host name has {} characters.",
        ],
    },
    Entry {
        code: "too-many-attempts",
        title: ["Thử quá nhiều lần", "សាកល្បងច្រើនដងពេក", "Too many attempts"],
        detail: ["Xin thử lại sau {} giây.", "សូមព្យាយាមម្ដងទៀតក្រោយ {} វិនាទី។", "Please try again in {} seconds."],
    },
    Entry {
        code: "busy",
        title: ["Đang bận", "កំពុងរវល់", "Busy"],
        detail: [
            "Chưa nhận được phiếu vì đang có nhiều người gửi. Xin bấm gửi lại sau vài giây.",
            "មិនទាន់ទទួលបានចម្លើយទេ ព្រោះមានអ្នកផ្ញើច្រើន។ សូមផ្ញើម្ដងទៀតក្រោយពីរបីវិនាទី។",
            "Not received yet: many people are sending. Please send it again in a few seconds.",
        ],
    },
    Entry {
        code: "stopping",
        title: ["Đang bận", "កំពុងរវល់", "Busy"],
        detail: [
            "Chưa nhận được phiếu vì đang có nhiều người gửi. Xin bấm gửi lại sau vài giây.",
            "មិនទាន់ទទួលបានចម្លើយទេ ព្រោះមានអ្នកផ្ញើច្រើន។ សូមផ្ញើម្ដងទៀតក្រោយពីរបីវិនាទី។",
            "Not received yet: many people are sending. Please send it again in a few seconds.",
        ],
    },
    Entry {
        code: "unavailable",
        title: ["Tạm thời không dùng được", "មិនអាចប្រើបានបណ្ដោះអាសន្ន", "Temporarily unavailable"],
        detail: [
            "Chưa lưu được. Xin thử lại sau ít phút.",
            "មិនទាន់រក្សាទុកបានទេ។ សូមព្យាយាមម្ដងទៀតបន្តិចក្រោយ។",
            "Nothing was stored. Please try again in a few minutes.",
        ],
    },
    Entry {
        code: "storage-full",
        title: ["Tạm thời không dùng được", "មិនអាចប្រើបានបណ្ដោះអាសន្ន", "Temporarily unavailable"],
        detail: [
            "Chưa lưu được. Xin thử lại sau ít phút.",
            "មិនទាន់រក្សាទុកបានទេ។ សូមព្យាយាមម្ដងទៀតបន្តិចក្រោយ។",
            "Nothing was stored. Please try again in a few minutes.",
        ],
    },
    Entry {
        code: "internal",
        title: ["Lỗi của hệ thống", "កំហុសប្រព័ន្ធ", "A fault of the service"],
        detail: [
            "Đã có lỗi ở phía hệ thống và lỗi đã được ghi lại. Xin thử lại sau.",
            "មានកំហុសនៅខាងប្រព័ន្ធ ហើយត្រូវបានកត់ត្រាទុក។ សូមព្យាយាមម្ដងទៀតពេលក្រោយ។",
            "Something failed on our side and was recorded. Please try again later.",
        ],
    },
    Entry {
        code: "not-found",
        title: ["Không có trang này", "គ្មានទំព័រនេះ", "Not found"],
        detail: ["Không có gì ở địa chỉ này.", "គ្មានអ្វីនៅអាសយដ្ឋាននេះទេ។", "There is nothing at this address."],
    },
    Entry {
        code: "unknown-unit",
        title: ["Không có đơn vị này", "គ្មានអង្គភាពនេះ", "Unknown unit"],
        detail: ["Không có đơn vị nào mang mã này.", "គ្មានអង្គភាពណាមានលេខកូដនេះទេ។", "No unit has this code."],
    },
    Entry {
        code: "unknown-form",
        title: ["Không có mẫu phiếu này", "គ្មានទម្រង់នេះ", "Unknown form"],
        detail: [
            "Không có mẫu phiếu hoặc phiên bản này.",
            "គ្មានទម្រង់ ឬជំនាន់នេះទេ។",
            "There is no such form, or no such version of it.",
        ],
    },
    Entry {
        code: "unknown-code",
        title: ["Không có mã này", "គ្មានលេខកូដនេះ", "Unknown code"],
        detail: [
            "Không tìm thấy mã này. Xin xem lại mã in trên giấy hẹn.",
            "រកមិនឃើញលេខកូដនេះ។ សូមមើលលេខកូដលើបង្កាន់ដៃម្ដងទៀត។",
            "This code was not found. Please look at the code on the receipt again.",
        ],
    },
    Entry {
        code: "unknown-device-code",
        title: ["Không có mã này", "គ្មានលេខកូដនេះ", "Unknown code"],
        detail: [
            "Không có máy nào đang chờ mã này. Mã chỉ dùng một lần trong 60 phút; xin tạo mã mới.",
            "គ្មានឧបករណ៍ណាកំពុងរង់ចាំលេខកូដនេះទេ។ លេខកូដប្រើបានម្ដងក្នុង ៦០ នាទី សូមបង្កើតលេខកូដថ្មី។",
            "No tablet waits for this code. A code works once, within 60 minutes; please make a new one.",
        ],
    },
    Entry {
        code: "missing-scope",
        title: ["Không được phép", "មិនអនុញ្ញាត", "Not allowed"],
        detail: [
            "Mã truy cập không có quyền \"{}\".",
            "លេខកូដចូលគ្មានសិទ្ធិ \"{}\"។",
            "The token lacks the scope \"{}\".",
        ],
    },
    Entry {
        code: "outside-subtree",
        title: ["Không được phép", "មិនអនុញ្ញាត", "Not allowed"],
        detail: [
            "Đơn vị nằm ngoài phạm vi của mã truy cập.",
            "អង្គភាពនៅក្រៅវិសាលភាពនៃលេខកូដចូល។",
            "The unit lies outside what the token may see.",
        ],
    },
    Entry {
        code: "channel-not-allowed",
        title: ["Không được phép", "មិនអនុញ្ញាត", "Not allowed"],
        detail: [
            "Người gọi này không được dùng kênh này.",
            "អ្នកហៅនេះមិនអាចប្រើបណ្ដាញនេះបានទេ។",
            "This caller may not claim this channel.",
        ],
    },
    Entry {
        code: "day-not-allowed",
        title: ["Không được phép", "មិនអនុញ្ញាត", "Not allowed"],
        detail: [
            "Chỉ mã truy cập có quyền ghi mới được nêu ngày trả lời.",
            "មានតែលេខកូដចូលដែលមានសិទ្ធិសរសេរទេដែលអាចបញ្ជាក់ថ្ងៃឆ្លើយ។",
            "Only a token that may write responses may say on which day an answer was given.",
        ],
    },
    Entry {
        code: "cross-site",
        title: ["Không được phép", "មិនអនុញ្ញាត", "Not allowed"],
        detail: [
            "Phiếu được gửi từ một trang khác. Xin mở lại phiếu rồi gửi.",
            "ចម្លើយត្រូវបានផ្ញើពីគេហទំព័រផ្សេង។ សូមបើកទម្រង់ម្ដងទៀត រួចផ្ញើ។",
            "The form was sent from another site. Please open it again and send it.",
        ],
    },
    Entry {
        code: "not-public",
        title: ["Không được phép", "មិនអនុញ្ញាត", "Not allowed"],
        detail: [
            "Công khai chỉ có tháng, quý và năm đã khóa sổ. Số liệu khác cần mã truy cập.",
            "សាធារណៈមានតែខែ ត្រីមាស និងឆ្នាំដែលបានបិទ។ តួលេខផ្សេងត្រូវការលេខកូដចូល។",
            "Only closed months, quarters and years are public; other figures need a token.",
        ],
    },
];
