"""Variables that keep the user's files in ~/.aws from boto3: moto's sessions read them as they are made."""

import os

NO_FILES = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
