package io.atelier.storage.http;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemContent;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** Certificates of authorities in a PEM file, which a client trusts in place of those of the JVM. */
public final class PrivateAuthority {

    private PrivateAuthority() {}

    /** Whether the file can be read, and has at least one certificate. */
    public static boolean isReadable(String file) {
        try {
            return !PemContent.load(Path.of(file)).getCertificates().isEmpty();
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** A client that trusts the certificates of the file only. */
    static OkHttpClient client(String file) {
        var trusted = PemSslStoreDetails.forCertificate(Path.of(file).toUri().toString());
        var bundle = SslBundle.of(new PemSslStoreBundle(null, trusted));
        var manager = Arrays.stream(bundle.getManagers().getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow();
        return new OkHttpClient.Builder()
                .sslSocketFactory(bundle.createSslContext().getSocketFactory(), manager)
                .build();
    }
}
