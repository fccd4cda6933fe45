"""`python -m fupin_policy`: the same as the command `fupin`."""

import sys

from fupin_policy.cli.main import main

sys.exit(main())
