package dev.apprentice.server.security;

import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsClientAuth;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files of a port that speaks TLS.
 *
 * @param chain the server's certificate, then those that lead to a root
 * @param key its private key, PKCS#8, unencrypted
 * @param clientCa who must have signed the certificate of every client, or null where clients need none
 */
public record Certificates(Path chain, Path key, @Nullable Path clientCa) {
    /**
     * TLS 1.2 and 1.3 with these files. What is spoken over it (ALPN) Helidon chooses itself, whatever is set here: the
     * first of the client's offers that a connection selector knows.
     *
     * @throws RuntimeException if a file is not what it should be
     */
    public Tls tls() {
        var own = Keys.builder()
                .pem(pem -> pem.key(Resource.create(key)).certChain(Resource.create(chain)))
                .build();
        var tls =
                Tls.builder().privateKey(own).privateKeyCertChain(own).enabledProtocols(List.of("TLSv1.3", "TLSv1.2"));
        if (clientCa != null) {
            var ca = Keys.builder()
                    .pem(pem -> pem.certificates(Resource.create(clientCa)))
                    .build();
            tls.trust(ca).clientAuth(TlsClientAuth.REQUIRED);
        }
        return tls.build();
    }
}
