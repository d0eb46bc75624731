//! A sentence for every fault of a field, in the reader's language, naming what is allowed and never what was
//! typed.

use super::FieldFault;
use crate::domain::ids::Language;

/// The sentence for one fault.
#[must_use]
pub fn sentence(fault: &FieldFault, language: Language) -> String {
    let [vi, km, en] = words(&fault.code);
    let (words, allowed) = match language {
        Language::KM => (km, "អនុញ្ញាត៖"),
        Language::EN => (en, "Allowed:"),
        _ => (vi, "Cho phép:"),
    };
    match &fault.allowed {
        Some(list) => format!("{words} {allowed} {list}."),
        None => words.to_owned(),
    }
}

fn words(code: &str) -> [&'static str; 3] {
    match code {
        "required" => ["Cần có trả lời.", "ត្រូវការចម្លើយ។", "An answer is needed."],
        "unknown_question" => {
            ["Mẫu phiếu không có câu hỏi này.", "ទម្រង់គ្មានសំណួរនេះទេ។", "The form has no such question."]
        }
        "wrong_type" => ["Sai kiểu giá trị.", "ប្រភេទតម្លៃខុស។", "Another kind of value is needed."],
        "out_of_range" => ["Ngoài khoảng cho phép.", "ក្រៅចន្លោះដែលអនុញ្ញាត។", "Outside what is allowed."],
        "unknown_option" => ["Không có lựa chọn này.", "គ្មានជម្រើសនេះទេ។", "There is no such option."],
        "too_many" => ["Chọn quá nhiều.", "ជ្រើសច្រើនពេក។", "Too many were picked."],
        "too_long" => ["Quá dài.", "វែងពេក។", "Too long."],
        "missing_not_offered" => [
            "Không được để trống với lý do này.",
            "មិនអាចទុកទទេដោយមូលហេតុនេះបានទេ។",
            "This reason for no answer is not offered here.",
        ],
        "does_not_apply" => [
            "Câu này không áp dụng, theo một trả lời khác.",
            "សំណួរនេះមិនអនុវត្ត តាមចម្លើយផ្សេងមួយ។",
            "Another answer says that this question does not apply.",
        ],
        "empty" => ["Chưa có câu trả lời nào.", "មិនទាន់មានចម្លើយណាមួយ។", "Nothing was answered."],
        "unknown_field" => ["Không có trường này.", "គ្មានវាលនេះទេ។", "There is no such member."],
        "unknown_unit" => ["Không có đơn vị này.", "គ្មានអង្គភាពនេះទេ។", "There is no such unit."],
        "closed_unit" => [
            "Đơn vị không hoạt động vào ngày này.",
            "អង្គភាពមិនដំណើរការនៅថ្ងៃនេះទេ។",
            "The unit does not exist on this day.",
        ],
        "unknown_form" => ["Không có mẫu phiếu này.", "គ្មានទម្រង់នេះទេ។", "There is no such form."],
        "differs_from_receipt" => ["Khác với giấy hẹn.", "ខុសពីបង្កាន់ដៃ។", "The receipt says otherwise."],
        "mistyped_code" => ["Mã bị gõ nhầm.", "លេខកូដវាយខុស។", "The code is mistyped."],
        "no_closed_month" => [
            "Chưa có tháng nào khóa sổ trong kỳ này.",
            "គ្មានខែណាដែលបានបិទក្នុងរយៈពេលនេះទេ។",
            "No month of this period is closed yet.",
        ],
        "does_not_fit" => [
            "Phương pháp này không hợp với mẫu phiếu.",
            "វិធីសាស្ត្រនេះមិនសមនឹងទម្រង់ទេ។",
            "This method does not fit the form.",
        ],
        "not_with_this_channel" => {
            ["Không dùng được với kênh này.", "មិនអាចប្រើជាមួយបណ្ដាញនេះ។", "Cannot be used with this channel."]
        }
        _ => ["Giá trị chưa đúng.", "តម្លៃមិនត្រឹមត្រូវ។", "Not a valid value."],
    }
}
