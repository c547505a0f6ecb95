"""What a broker has beside its plain listener when it is started with --secure: a listener with TLS and SASL, one with mutual
TLS, and in DIR/secure the files that a client needs for them."""
import secrets
import subprocess

USER = "kring"
LISTENERS = ("SASL_SSL", "SSL")
FILES = """DIR/secure holds, for who connects:
  SASL_SSL.address, SSL.address   where the two listeners are
  ca.pem                          whom to trust; stranger.pem: somebody else
  password                        of the user "kring" of SASL_SSL (SCRAM-SHA-512, PLAIN)
  client.pem, client.key          who we are, for SSL; client.password opens the key
"""


def make(directory, addresses):
    """`addresses`: those of each listener, in the order of LISTENERS. Returns the password of the user."""
    directory.mkdir()
    (directory / "openssl.cnf").write_text("[req]\ndistinguished_name=dn\n[dn]\n")
    password, key_password = secrets.token_hex(16), secrets.token_hex(16)
    for name, text in (("password", password), ("client.password", key_password), *((f"{n}.address", a) for n, a in zip(LISTENERS, addresses))):
        (directory / name).write_text(text + "\n")
    authority = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-noenc"]
    signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "basicConstraints=critical,CA:FALSE"]
    certify(directory, "ca", authority)
    certify(directory, "stranger", authority)
    certify(directory, "server", [*signed, "-noenc", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"])
    certify(directory, "client", [*signed, "-passout", "file:client.password"])
    with open(directory / "server.pem", "a", encoding="ascii") as both:  # a broker wants key and certificate in one file
        both.write((directory / "server.key").read_text())
    return password


def certify(directory, name, options):
    done = subprocess.run(["openssl", "req", "-x509", "-config", "openssl.cnf", "-subj", f"/CN=kring-{name}", "-days", "30", "-newkey", "ec",
                           "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", f"{name}.key", "-out", f"{name}.pem", *options],
                          cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise OSError(f"openssl makes no certificate:\n{done.stdout}")


def settings(directory, password):
    """Lines for server.properties, behind those that name the listeners."""
    module = "org.apache.kafka.common.security"
    return f"""
ssl.keystore.type=PEM
ssl.keystore.location={directory}/server.pem
ssl.truststore.type=PEM
ssl.truststore.location={directory}/ca.pem
sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config={module}.scram.ScramLoginModule required;
listener.name.sasl_ssl.plain.sasl.jaas.config={module}.plain.PlainLoginModule required user_{USER}="{password}";
listener.name.ssl.ssl.client.auth=required
"""


def storage_options(password):
    """What the storage has to be formatted with: it holds the users of SCRAM."""
    return ["--add-scram", f"SCRAM-SHA-512=[name={USER},password={password}]"]
