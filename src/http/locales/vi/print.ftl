# Chữ trên giấy in cho người dân: phiếu nhiệt, nhãn, giấy hẹn, áp phích.
print-title = Giấy hẹn trả kết quả
print-field = Lĩnh vực
print-procedure = Thủ tục
print-received = Ngày nhận
print-due = Hẹn trả
print-question = Ông/bà được phục vụ thế nào?
print-scan = Quét mã, hoặc gõ mã tại
print-scan-poster = Quét mã, hoặc mở địa chỉ
print-label = Quét mã để góp ý
print-promise = Không cần đăng nhập. Không ghi tên, không ghi số hồ sơ.
print-until = Dùng một lần, đến hết ngày { $day }.
print-demo = Bản mẫu (demo)
