"""DynamoDB: what moto leaves out of its tables."""
