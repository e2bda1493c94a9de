package setup

import _ "example.com/tests/missing"
