package io.atelier.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTransportTests {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @ParameterizedTest
    @ValueSource(strings = {"https://s3.example", "http://127.0.0.1:9000"})
    void noCallIsRedirectedBetweenHttpsAndHttp(String server) {
        try (var transport = HttpTransport.to(URI.create(server), "", SECOND, SECOND, SECOND)) {
            assertThat(transport.calls().followSslRedirects()).isFalse();
            assertThat(transport.streams().followSslRedirects()).isFalse();
        }
    }
}
