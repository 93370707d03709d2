print("neural")
