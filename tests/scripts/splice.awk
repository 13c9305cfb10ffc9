# SPDX-License-Identifier: MIT
# A page of the manual with what a file (part) says between its lines
# .\" BEGIN name and .\" END name. Fails where there are none.
$0 == ".\\\" END " name { inside = 0 }
!inside { print }
$0 == ".\\\" BEGIN " name {
    inside = 1
    while ((getline line < part) > 0) print line
    seen = 1
}
END { if (!seen) exit 1 }
