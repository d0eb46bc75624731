//! No form asks who answers.

use sipas::domain::form_file;

use super::{GOOD, broken, faults_of, with_question, without_last_question};

fn asks_identity(text: &str) -> bool {
    faults_of(text).iter().any(|f| f.what.starts_with("asks for"))
}

/// Questions that ask who answers or where exactly they live: slug, language, text.
const IDENTITY: &[(&str, &str, &str)] = &[
    ("q", "vi", "Họ và tên của ông/bà?"),
    ("q", "vi", "Xin ông/bà cho biết họ tên"),
    ("q", "vi", "Tên ông/bà là gì?"),
    ("q", "vi", "Ho ten cua ong/ba?"),
    ("q", "vi", "Số điện thoại"),
    ("q", "vi", "So\u{302}\u{301} đie\u{302}\u{323}n thoa\u{323}i"),
    ("q", "vi", "Số\u{200b} đi\u{ad}ện thoại"),
    ("q", "vi", "SĐT liên hệ"),
    ("q", "vi", "Email của ông/bà"),
    ("q", "vi", "Địa chỉ thường trú?"),
    ("q", "vi", "Số CCCD"),
    ("q", "vi", "CMND/CCCD của ông/bà"),
    ("q", "vi", "Xin nhập căn cước công dân"),
    ("q", "vi", "Ngày sinh của ông/bà?"),
    ("q", "vi", "Mã hồ sơ in trên giấy hẹn?"),
    ("q", "vi", "Số hồ sơ của ông/bà là gì?"),
    ("q", "vi", "Mã số BHXH"),
    ("q", "vi", "Số tài khoản ngân hàng để nhận quà?"),
    ("q", "vi", "Xin gửi ảnh chân dung"),
    ("q", "vi", "Ông/bà ở ấp nào?"),
    ("q", "vi", "Thôn, xóm nơi ông/bà đang sống?"),
    ("q", "vi", "Số nhà, tên đường?"),
    ("q", "vi", "Không bắt buộc: họ tên, số điện thoại"),
    ("q", "vi", "Ông/bà tên gì?"),
    ("q", "vi", "Tên và số điện thoại"),
    ("q", "vi", "Quý danh của ông/bà?"),
    ("q", "vi", "Xin để lại điện thoại để chúng tôi gọi lại"),
    ("q", "vi", "Năm sinh của ông/bà?"),
    ("q", "vi", "Xin cho biết địa chỉ"),
    ("q", "vi", "Nếu không ngại, xin ghi họ tên"),
    ("q", "vi", "Ai là người trả lời? Ghi rõ họ, tên."),
    ("q", "vi", "Tên cán bộ đã tiếp ông/bà?"),
    ("q", "vi", "4 số cuối CCCD của ông/bà?"),
    ("q", "vi", "Zalo của ông/bà?"),
    ("q", "vi", "Tên đăng nhập cổng dịch vụ công?"),
    ("q", "vi", "HỌ VÀ TÊN"),
    ("q", "vi", "Ông/bà thuộc tổ dân phố nào?"),
    ("q", "vi", "Tên ấp, tên đường nơi ông/bà ở?"),
    ("q", "en", "Name:"),
    ("q", "en", "Who are you?"),
    ("q", "en", "Could you tell us your name"),
    ("q", "en", "Leave your telephone so that we can call back"),
    ("q", "en", "Address"),
    ("q", "en", "Citizen ID"),
    ("q", "en", "What street do you live on?"),
    ("q", "en", "Passport number"),
    ("q", "en", "What is your full name?"),
    ("q", "en", "Please enter your phone number"),
    ("q", "en", "Your e-mail address?"),
    ("q", "en", "Date of birth"),
    ("q", "en", "Your identity card number?"),
    ("q", "en", "Dossier number"),
    ("q", "en", "Which village do you live in?"),
    ("q", "en", "House number and street?"),
    ("q", "km", "តើលោកអ្នកឈ្មោះអ្វី?"),
    ("q", "km", "លេខទូរស័ព្ទរបស់លោកអ្នក?"),
    ("q", "km", "អាសយដ្ឋានរបស់លោកអ្នក?"),
    ("q", "km", "លេខអត្តសញ្ញាណប័ណ្ណ?"),
    ("q", "km", "ថ្ងៃខែឆ្នាំកំណើត?"),
    ("q", "km", "តើលោកអ្នករស់នៅភូមិណា?"),
    ("full_name", "vi", "Ông/bà muốn nói gì?"),
    ("contact.phone", "vi", "Ông/bà muốn nói gì?"),
    ("so_dien_thoai", "vi", "Ông/bà muốn nói gì?"),
    ("ma_ho_so", "vi", "Ông/bà muốn nói gì?"),
    ("cccd", "vi", "Ông/bà muốn nói gì?"),
];

/// Questions that ask nothing of the kind.
const HARMLESS: &[(&str, &str)] = &[
    ("vi", "Ông/bà muốn sửa điều gì trước?"),
    ("vi", "Ông/bà muốn góp ý gì? Xin không ghi họ tên, số điện thoại."),
    ("vi", "Ông/bà cần thêm hướng dẫn gì? Đừng ghi số căn cước, địa chỉ nhà."),
    ("vi", "Ông/bà đợi bao lâu để nhận căn cước?"),
    ("vi", "Số điện thoại đường dây nóng có dễ tìm không?"),
    ("vi", "Địa chỉ trụ sở có dễ tìm không?"),
    ("vi", "Ông/bà thấy tên thủ tục trên bảng niêm yết có rõ không?"),
    ("vi", "Ở nông thôn, việc đi lại đến nơi tiếp đón thế nào?"),
    ("vi", "Ông/bà nộp bao nhiêu bản sao hồ sơ?"),
    ("vi", "Cán bộ trả lời điện thoại thế nào?"),
    ("vi", "Điều gì làm ông/bà hài lòng nhất?"),
    ("vi", "Ông/bà biết đến dịch vụ qua điện thoại hay người quen?"),
    ("vi", "Cơ quan có giữ kín thông tin của ông/bà không?"),
    ("vi", "Phiếu này không hỏi tên, không hỏi nơi ở. Ông/bà muốn góp ý gì?"),
    ("vi", "Ông/bà đã nộp hồ sơ mấy lần?"),
    ("vi", "Ông/bà bao nhiêu tuổi?"),
    ("vi", "Ông/bà thấy bảng tên cán bộ có dễ đọc không?"),
    ("vi", "Thủ tục đăng ký khai sinh có dễ không?"),
    ("vi", "Cán bộ có hướng dẫn qua đường bưu điện không?"),
    ("vi", "Đường vào trụ sở có dễ đi không?"),
    ("vi", "Ông/bà muốn thêm dịch vụ nào qua mạng?"),
    ("en", "How many times did you come to the office?"),
    ("en", "Is the name of the procedure on the board clear?"),
    ("en", "Is the address of the office easy to find?"),
    ("en", "Never write your phone number here. What do you think?"),
    ("en", "What should we improve first?"),
    ("en", "What could be better? Please do not write your name or phone number."),
    ("en", "How long did you wait for the identity card?"),
    ("en", "Was the office easy to reach by phone?"),
    ("en", "How did the village meeting about the plan go?"),
    ("km", "តើលោកអ្នកចង់ឱ្យទីនេះ កែអ្វីមុនគេ?"),
    ("km", "តើមានយោបល់អ្វី? សូមកុំសរសេរឈ្មោះ លេខទូរសព្ទ។"),
    ("km", "សន្លឹកនេះមិនកត់ឈ្មោះ មិនកត់លេខសំណុំឯកសារទេ។"),
];

fn declared(language: &str) -> String {
    let languages = "[languages.km]\nname = \"ភាសាខ្មែរ\"\nstate = \"draft\"\n[[factor]]";
    if language == "km" { GOOD.replacen("[[factor]]", languages, 1) } else { GOOD.to_owned() }
}

/// A text question, a number and a choice with these words.
fn three_kinds(slug: &str, language: &str, words: &str) -> [String; 3] {
    let text = |body: &str| {
        let base = declared(language);
        let base = without_last_question(&base);
        let vi =
            if language == "vi" { String::new() } else { "text.vi = \"Câu hỏi thử?\"\n".to_owned() };
        format!("{base}[[question]]\nslug = \"{slug}\"\n{vi}text.{language} = \"{words}\"\n{body}")
    };
    let classes = "classes = [\n{ code = \"a\", up_to = 1, vi = \"1\" },\n{ code = \"b\", up_to = 9, vi = \"9\" },\n]\n";
    let options = "options = [\n{ code = \"a\", vi = \"A\" },\n{ code = \"b\", vi = \"B\" },\n]\n";
    [
        text("kind = \"text\"\n"),
        text(&format!("kind = \"number\"\nmin = 0\nmax = 9\n{classes}")),
        text(&format!("kind = \"single\"\n{options}")),
    ]
}

#[test]
fn questions_for_an_identity_are_refused() {
    let mut missed = Vec::new();
    for (slug, language, words) in IDENTITY {
        let [text, number, _] = three_kinds(slug, language, words);
        if !asks_identity(&text) || !asks_identity(&number) {
            missed.push(format!("{slug} {words}"));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
    for words in ["Họ và tên của ông/bà?", "Số điện thoại của ông/bà?", "Ông/bà ở ấp nào?", "Số CCCD?"]
    {
        let [.., choice] = three_kinds("q", "vi", words);
        assert!(asks_identity(&choice), "as a choice: {words}");
    }
}

#[test]
fn harmless_questions_are_accepted() {
    let mut refused = Vec::new();
    for (language, words) in HARMLESS {
        for text in three_kinds("q", language, words) {
            refused.extend(faults_of(&text).into_iter().map(|fault| format!("{words}: {fault}")));
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn an_identity_cannot_hide_in_a_hint_a_row_a_list_or_the_introduction() {
    let hint = |words: &str| {
        with_question(&format!(
            "[[question]]\nslug = \"comment\"\nkind = \"text\"\ntext.vi = \"Ông/bà góp ý gì?\"\nhint.vi = \"{words}\"\n"
        ))
    };
    assert!(asks_identity(&hint("Xin ghi kèm họ tên và số điện thoại để được trả lời.")));
    assert!(asks_identity(&hint("Không ghi họ tên, nhưng xin ghi số hồ sơ.")));
    assert!(!asks_identity(&hint("Tối đa 500 ký tự. Xin không ghi tên, số căn cước, số điện thoại.")));
    let row = "[[question]]\nslug = \"m\"\nkind = \"matrix\"\ntext.vi = \"Thông tin\"\nrows = [\n{ slug = \"m.a\", vi = \"Số điện thoại của ông/bà\" },\n]\noptions = [\n{ code = \"a\", vi = \"A\" },\n{ code = \"b\", vi = \"B\" },\n]\n";
    assert!(asks_identity(&with_question(row)));
    let list = "[[question]]\nslug = \"where\"\nkind = \"single\"\ntext.vi = \"Ông/bà từ đâu đến?\"\noptions = [\n{ code = \"a\", vi = \"Ấp Chợ\" },\n{ code = \"b\", vi = \"Ấp Bến\" },\n]\n";
    assert!(asks_identity(&with_question(list)));
    let (intro, _) = broken("intro.vi = \"Các câu", "intro.vi = \"Xin ghi họ tên vào ô cuối. Các câu");
    assert!(asks_identity(&intro));
    let seat = "text.en = \"How satisfied are you with *the seats*?\"\nhint.vi = \"Xin ghi số điện thoại ở ô góp ý.\"";
    assert!(asks_identity(&broken("text.en = \"How satisfied are you with *the seats*?\"", seat).0));
}

#[test]
fn ethnicity_is_kinh_or_other_voluntary_and_explained() {
    let block = |codes: [&str; 2], extra: &str| {
        with_question(&format!(
            "[[question]]\nslug = \"respondent.ethnicity\"\nkind = \"single\"\npurpose = \"respondent\"\n{extra}text.vi = \"Ông/bà là người dân tộc Kinh hay dân tộc khác?\"\noptions = [\n{{ code = \"{}\", vi = \"A\" }},\n{{ code = \"{}\", vi = \"B\" }},\n]\n",
            codes[0], codes[1]
        ))
    };
    let hint = "hint.vi = \"Thông tin nhạy cảm, có thể bỏ qua.\"\n";
    assert_eq!(faults_of(&block(["kinh", "other"], hint)), []);
    for text in [
        block(["kinh", "khmer"], hint),
        block(["kinh", "other"], ""),
        block(["kinh", "other"], &format!("{hint}required = true\n")),
    ] {
        assert!(faults_of(&text).iter().any(|f| f.what.contains("ethnic group")), "{text}");
    }
}

#[test]
fn a_stored_text_is_read_even_where_the_rules_of_wording_became_stricter() {
    let (text, _) = broken("Ông/bà muốn sửa điều gì?", "Họ và tên của ông/bà?");
    assert!(asks_identity(&text));
    assert!(form_file::read_stored("desk version 2", &text).is_ok());
}
