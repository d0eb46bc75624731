# អត្ថបទលើក្រដាសបោះពុម្ព។ សេចក្ដីព្រាង៖ មិនទាន់មានអ្នកពិនិត្យ។
print-title = បង្កាន់ដៃណាត់ទទួលលទ្ធផល
print-field = វិស័យ
print-procedure = នីតិវិធី
print-received = ថ្ងៃទទួល
print-due = ថ្ងៃណាត់
print-question = តើគេបម្រើ​លោកអ្នក​យ៉ាងណាដែរ?
print-scan = ស្កេនកូដ ឬ​វាយកូដ​នៅ
print-scan-poster = ស្កេនកូដ ឬ​បើកអាសយដ្ឋាន
print-label = ស្កេន​ដើម្បី​ឆ្លើយ
print-promise = មិនចាំបាច់​ចុះឈ្មោះទេ។ មិនកត់ឈ្មោះ មិនកត់​លេខ​សំណុំ​លិខិត។
print-until = ប្រើបាន​ម្ដង រហូតដល់​ថ្ងៃ { $day }។
print-demo = គំរូ (demo)
