"""devices: bytes that a device sent become a reading, and a reading becomes vitals, or a reason why not.

It may import the domain around it. It knows no radio: whoever has one calls `gatt.decode`, then `charting.judge`.
"""
