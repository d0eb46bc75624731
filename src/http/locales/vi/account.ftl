# Đăng nhập, tài khoản của tôi, liên kết dùng một lần.
faults-title = { $count ->
    [1] Xin xem lại một chỗ
   *[other] Xin xem lại { $count } chỗ
}
wait-seconds = Đã nhập sai nhiều lần. Xin chờ { $value } giây rồi thử lại.
wait-minutes = Đã nhập sai nhiều lần. Xin chờ { $value } phút rồi thử lại.

field-display-name = Họ và tên
field-display-name-hint = Đồng nghiệp thấy tên này.
field-name = Tên đăng nhập
field-name-hint = Địa chỉ thư điện tử, hoặc từ 2 đến 64 chữ thường không dấu, chữ số và . _ - @ +
field-email = Thư điện tử
field-email-hint = Có thể để trống. Nếu hệ thống gửi được thư, liên kết sẽ được gửi đến đây.
field-new-password = Mật khẩu mới
field-new-password-hint = Ít nhất 15 ký tự. Bốn hoặc năm từ không liên quan đến nhau là tốt; được dùng dấu cách và tiếng Việt có dấu.
field-again = Nhập lại mật khẩu mới
field-current-password = Mật khẩu hiện nay
field-code = Mã xác thực
field-code-hint = Sáu chữ số trên điện thoại, hoặc một mã dự phòng.
field-code-six = Sáu chữ số trên điện thoại
field-choose = Xin chọn

fault-name = Tên đăng nhập cần từ 2 đến 64 chữ thường không dấu, chữ số và . _ - @ +, bắt đầu bằng chữ hoặc số.
fault-display-name = Xin ghi họ và tên, nhiều nhất 120 ký tự.
fault-email = Địa chỉ thư điện tử chưa đúng; xin xem lại hoặc để trống.
fault-password-short = Mật khẩu cần ít nhất 15 ký tự, ở đây mới có { $value }. Xin ghép bốn hoặc năm từ.
fault-password-long = Mật khẩu được nhiều nhất 256 ký tự. Xin rút ngắn.
fault-password-guessable = Mật khẩu này dễ bị đoán ra. Xin lấy bốn hoặc năm từ không liên quan đến nhau.
fault-again = Hai lần nhập mật khẩu chưa giống nhau. Xin nhập lại cả hai.
fault-current = Mật khẩu hiện nay chưa đúng. Xin nhập lại.
fault-code = Mã chưa đúng, hoặc đã dùng rồi. Xin chờ mã kế tiếp trên điện thoại rồi nhập lại.
fault-code-offered = Mã chưa đúng. Xin xem giờ của điện thoại có đúng không, rồi nhập mã đang hiện.
fault-factor-demanded = Vai trò của ông/bà bắt buộc có lớp xác thực thứ hai, nên không tắt được.

code-step-title = Bước hai: mã xác thực
code-step-lead = Mật khẩu đã đúng. Xin mở ứng dụng xác thực trên điện thoại và nhập mã đang hiện.
code-step-help = Mất điện thoại? Xin dùng một mã dự phòng. Không còn mã nào? Xin người quản trị gỡ lớp xác thực thứ hai.

welcome-set-up-title = Tài khoản đầu tiên
welcome-set-up-lead = Tài khoản này quản trị toàn hệ thống. Sau đó, chính tài khoản này mời những người khác.
welcome-set-up-go = Tạo tài khoản và đăng nhập
welcome-invitation-title = Chào mừng { $name }
welcome-invitation-lead = Xin đặt mật khẩu để bắt đầu. Không ai khác biết mật khẩu này, kể cả người quản trị.
welcome-reset-title = Đặt mật khẩu mới cho { $name }
welcome-reset-lead = Sau khi đặt, mọi phiên đang đăng nhập bằng mật khẩu cũ sẽ kết thúc.
welcome-account = Tên đăng nhập: { $name }
welcome-go = Đặt mật khẩu và đăng nhập
welcome-gone-title = Liên kết này không mở được nữa
welcome-gone-why = Mỗi liên kết chỉ dùng được một lần và trong một thời gian ngắn. Liên kết này đã được dùng, đã quá hạn, hoặc chép chưa đủ.
welcome-gone-what = Nếu ông/bà đã đặt mật khẩu, xin đăng nhập như thường. Nếu chưa, xin người quản trị gửi liên kết mới.

account-basis = Tên đăng nhập: { $name }
account-password = Mật khẩu
account-password-text = Khi đổi mật khẩu, mọi phiên đăng nhập khác sẽ kết thúc.
account-password-change = Đổi mật khẩu
account-password-lead = Mọi phiên đăng nhập khác sẽ kết thúc; phiên này vẫn tiếp tục.
account-password-go = Đổi mật khẩu
account-password-none = Ông/bà đăng nhập qua hệ thống của cơ quan; mật khẩu đổi ở đó.
account-factor = Lớp xác thực thứ hai
account-factor-none = Chưa có. Với một mã trên điện thoại, ai biết mật khẩu của ông/bà cũng chưa vào được.
account-factor-on = Đang bật. Còn { $count } mã dự phòng.
account-factor-open = Xem và thay đổi
account-sessions = Các phiên đăng nhập
account-sessions-text = Mỗi trình duyệt đang đăng nhập là một phiên. Hệ thống không ghi địa chỉ hay tên thiết bị.
account-session-began = Đăng nhập lúc
account-session-seen = Dùng lần cuối
account-session-own = Phiên này
account-session-end = Kết thúc
account-sessions-end = Kết thúc tất cả phiên khác

done-password = Mật khẩu đã đổi. Mọi phiên đăng nhập khác đã kết thúc.
done-reset = Mật khẩu đã được đặt lại bằng liên kết, và mọi phiên đăng nhập cũ đã kết thúc. Nếu ông/bà không yêu cầu việc này, xin báo ngay cho người quản trị.
done-factor = Lớp xác thực thứ hai đã bật. Mọi phiên đăng nhập khác đã kết thúc.
done-factor-off = Lớp xác thực thứ hai đã tắt. Mọi phiên đăng nhập khác đã kết thúc.
done-sessions = Phiên đăng nhập đã kết thúc.

factor-offer-title = Bật lớp xác thực thứ hai
factor-offer-lead = Cần một điện thoại có ứng dụng xác thực (loại tạo mã sáu chữ số). Không cần mạng, không cần số điện thoại.
factor-must = Vai trò của ông/bà bắt buộc có lớp xác thực thứ hai. Xin làm hai bước dưới đây, rồi mọi trang sẽ mở.
factor-step-scan = 1. Quét mã này
factor-step-scan-text = Mở ứng dụng xác thực trên điện thoại, chọn thêm tài khoản, rồi quét:
factor-step-type = Không quét được? Xin nhập khóa này vào ứng dụng:
factor-step-code = 2. Nhập mã đang hiện
factor-step-code-text = Ứng dụng hiện một mã sáu chữ số, đổi mỗi 30 giây.
factor-offer-go = Bật
factor-kept-lead = Đang bật: khi đăng nhập, sau mật khẩu là mã trên điện thoại.
factor-left = { $count ->
    [0] Không còn mã dự phòng nào.
   *[other] Còn { $count } mã dự phòng.
}
factor-renew = Mã dự phòng
factor-renew-text = Mã mới thay tất cả mã cũ.
factor-renew-go = Tạo mười mã mới
factor-off = Tắt
factor-off-text = Sau đó chỉ còn mật khẩu. Mọi phiên đăng nhập khác sẽ kết thúc.
factor-off-go = Tắt lớp xác thực thứ hai
factor-off-must = Vai trò của ông/bà bắt buộc có lớp xác thực thứ hai. Đổi điện thoại: xin người quản trị gỡ, rồi bật lại trên điện thoại mới.
factor-codes-title = Mười mã dự phòng
factor-codes-lead = Mỗi mã thay được điện thoại một lần, khi mất hoặc quên điện thoại.
factor-codes-list = Xin ghi lại hoặc in ra bây giờ: trang này chỉ hiện một lần
factor-codes-done = Tôi đã ghi lại
