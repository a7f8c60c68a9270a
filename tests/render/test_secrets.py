"""No rendering shows a secret, whatever it renders; a harmless value is shown, and `show_values` shows all."""

import json

import pytest
from secrets_table import HARMLESS, PLANTED
