from . import file_transport, file_transport_check, file_transport_mail
