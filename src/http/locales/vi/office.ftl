# Chữ của các trang dành cho cơ quan.
office-nav = Trang chính
office-error = Lỗi
office-signed-in = Đang đăng nhập:
office-sign-out = Đăng xuất
office-home = Bàn làm việc
office-from-on = từ { $from }
office-from-to = từ { $from } đến { $to }
office-everywhere = toàn hệ thống

role-administrator = Quản trị
role-analyst = Phân tích
role-unit_head = Trưởng đơn vị
role-clerk = Cán bộ một cửa
role-leader = Lãnh đạo
role-auditor = Kiểm tra
role-operator = Vận hành

sign-in-title = Đăng nhập
sign-in-lead = Dành cho cán bộ. Người dân trả lời phiếu không cần đăng nhập.
sign-in-name = Tên đăng nhập
sign-in-password = Mật khẩu
sign-in-go = Đăng nhập
sign-in-failed = Chưa đăng nhập được
sign-in-wrong = Tên đăng nhập hoặc mật khẩu chưa đúng. Xin nhập lại.
sign-in-help = Quên mật khẩu? Xin người quản trị gửi liên kết đặt lại.

home-hello = Xin chào { $name }
home-today = Hôm nay { $day }
home-nothing = Tài khoản này chưa được giao vai trò nào hôm nay. Xin hỏi người quản trị.
home-grants = Vai trò của ông/bà
home-grant = { $role }: { $where }, { $when }
room-scores = Kết quả
room-scores-text = Điểm hài lòng của các đơn vị được xem.
room-account = Tài khoản của tôi
room-account-text = Mật khẩu, lớp xác thực thứ hai, các phiên đăng nhập.
