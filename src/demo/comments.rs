//! What people write: short, and never about who they are.

use super::chance::Chance;
use crate::domain::ids::Language;

/// How a person feels about the visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    Pleased,
    Neither,
    Annoyed,
}

/// Comments in one language, by mood.
struct Phrases {
    pleased: &'static [&'static str],
    neither: &'static [&'static str],
    annoyed: &'static [&'static str],
}

/// A comment in this language (in Vietnamese where there is none in it).
pub(super) fn comment(chance: &mut Chance, language: Language, mood: Mood) -> String {
    let phrases = match language {
        Language::KM => &KM,
        Language::EN => &EN,
        _ => &VI,
    };
    let bank = match mood {
        Mood::Pleased => phrases.pleased,
        Mood::Neither => phrases.neither,
        Mood::Annoyed => phrases.annoyed,
    };
    let first = chance.pick(bank).copied().unwrap_or_default();
    let second = chance.pick(phrases.neither).copied().unwrap_or_default();
    if chance.in_thousand(250) && first != second { format!("{first} {second}") } else { first.to_owned() }
}

const VI: Phrases = Phrases {
    pleased: &[
        "Cán bộ hướng dẫn rõ ràng, hồ sơ xong trước hẹn.",
        "Tôi được giải thích kỹ, không phải đi lại nhiều lần.",
        "Thái độ rất lịch sự, cảm ơn bộ phận một cửa.",
        "Nhanh gọn hơn trước nhiều.",
        "Có người giúp nộp hồ sơ qua mạng, rất tiện.",
        "Chỗ ngồi chờ mát mẻ, sạch sẽ.",
        "Được nhắc hẹn qua điện thoại nên không phải lên hỏi.",
        "Cán bộ nói được tiếng Khmer nên bà con dễ hiểu.",
        "Phí thu đúng bảng niêm yết, có biên lai.",
        "Người lớn tuổi được ưu tiên, tôi rất hài lòng.",
    ],
    neither: &[
        "Mong có thêm ghế ngồi chờ.",
        "Nên có bảng hướng dẫn chữ to hơn.",
        "Đề nghị mở cửa thêm sáng thứ bảy.",
        "Nên có mẫu điền sẵn để bà con làm theo.",
        "Mong có nước uống và quạt ở chỗ chờ.",
        "Đề nghị in thêm hướng dẫn bằng tiếng Khmer.",
        "Nên báo kết quả qua tin nhắn.",
        "Mong sửa máy lấy số, hay bị kẹt giấy.",
        "Chỗ để xe hơi chật.",
    ],
    annoyed: &[
        "Hồ sơ trễ hẹn mà không ai báo trước.",
        "Phải đi lại ba lần vì mỗi lần thiếu một giấy khác.",
        "Chờ gần hai tiếng mới tới lượt.",
        "Hướng dẫn qua loa, hỏi lại thì khó chịu.",
        "Nộp qua mạng bị lỗi, lên tới nơi lại phải nộp bản giấy.",
        "Không thấy niêm yết phí ở đâu.",
        "Góp ý lần trước không thấy trả lời.",
        "Giấy trả về ghi sai, phải làm lại từ đầu.",
        "Giờ làm việc mà quầy không có người.",
        "Từ ngày sáp nhập đường đi xa hơn nhiều.",
    ],
};

const KM: Phrases = Phrases {
    pleased: &[
        "មន្ត្រីណែនាំច្បាស់លាស់ល្អ។",
        "ឯកសាររួចរាល់មុនការណាត់ អរគុណ។",
        "មន្ត្រីនិយាយភាសាខ្មែរ ខ្ញុំងាយយល់។",
        "សេវាលឿនជាងមុន។",
        "កន្លែងរង់ចាំស្អាត និងត្រជាក់។",
        "មន្ត្រីរួសរាយរាក់ទាក់។",
    ],
    neither: &[
        "សូមបន្ថែមកៅអីអង្គុយរង់ចាំ។",
        "សូមមានក្រដាសណែនាំជាភាសាខ្មែរ។",
        "អក្សរនៅលើផ្ទាំងព័ត៌មានតូចពេក។",
        "សូមបើកបម្រើនៅព្រឹកថ្ងៃសៅរ៍ផង។",
        "សូមជូនដំណឹងលទ្ធផលតាមសារទូរស័ព្ទ។",
    ],
    annoyed: &[
        "រង់ចាំយូរពេក។",
        "ឯកសារយឺតជាងការណាត់ ហើយគ្មានអ្នកប្រាប់។",
        "ត្រូវមកច្រើនដង ព្រោះខ្វះឯកសារម្តងមួយ។",
        "ខ្ញុំមិនយល់ការណែនាំជាភាសាវៀតណាម។",
        "មិនឃើញបិទផ្សាយតម្លៃសេវា។",
        "ផ្លូវទៅការិយាល័យឆ្ងាយជាងមុន។",
    ],
};

const EN: Phrases = Phrases {
    pleased: &["Clear guidance, and ready before the promised day.", "Polite staff, short wait."],
    neither: &["Please put up signs in larger print.", "More seats in the waiting room, please."],
    annoyed: &["I had to come back three times.", "It was late and nobody told me."],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_comment_holds_a_digit_or_an_address_or_is_long() {
        for phrases in [&VI, &KM, &EN] {
            for text in [phrases.pleased, phrases.neither, phrases.annoyed].concat() {
                assert!(!text.chars().any(|c| c.is_numeric() || c == '@'), "{text}");
                assert!(text.chars().count() <= 120, "{text}");
            }
        }
    }
}
