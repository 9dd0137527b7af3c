package io.atelier.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

class AllowedOriginsTests {

    private static final AllowedOrigins NONE = origins();

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // no browser
                "-, -, true",
                // a browser on a page of this gateway, also behind a proxy that changes the host or ends TLS
                "same-origin, http://127.0.0.1:8080, true",
                "same-origin, https://images.example.org, true",
                "none, -, true",
                // older browsers
                "-, http://127.0.0.1:8080, true",
                "-, HTTP://127.0.0.1:8080, true",
                // other pages
                "cross-site, https://evil.example, false",
                "cross-site, null, false",
                "cross-site, -, false",
                "cross-site, http://127.0.0.1:8080, false",
                "same-site, http://127.0.0.1:3000, false",
                "same-site, -, false",
                "something-new, -, false",
                "-, https://evil.example, false",
                "-, null, false",
                "-, '', false",
                "-, http://127.0.0.1:3000, false",
                "-, http://127.0.0.1, false",
                "-, http://localhost:8080, false",
                "-, http://127.0.0.1:8080.evil.example, false",
                "-, file://, false",
                "-, not an origin, false"
            })
    void aRequestThatChangesSomethingComesFromNoOtherPage(String site, String origin, boolean accepted) {
        for (var method : List.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE, HttpMethod.PATCH)) {
            assertThat(NONE.accept(request(method, site, origin)))
                    .as(method.name())
                    .isEqualTo(accepted);
        }
    }

    @Test
    void aRequestThatChangesNothingMayComeFromAnywhere() {
        for (var method : List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS)) {
            assertThat(NONE.accept(request(method, "cross-site", "https://evil.example")))
                    .isTrue();
        }
    }

    @Test
    void listedOriginsMayChangeSomething() {
        var listed = origins("https://app.example.org");

        assertThat(listed.accept(request(HttpMethod.POST, "cross-site", "https://app.example.org")))
                .isTrue();
        assertThat(listed.accept(request(HttpMethod.POST, "cross-site", "http://app.example.org")))
                .isFalse();
        assertThat(listed.accept(request(HttpMethod.POST, "cross-site", "https://app.example.org:8443")))
                .isFalse();
        assertThat(origins("*").accept(request(HttpMethod.POST, "cross-site", "https://a.example")))
                .isTrue();
    }

    private static MockServerHttpRequest request(HttpMethod method, String site, String origin) {
        var request = MockServerHttpRequest.method(method, "/v1/generations").header("Host", "127.0.0.1:8080");
        if (site != null) {
            request.header("Sec-Fetch-Site", site);
        }
        if (origin != null) {
            request.header("Origin", origin);
        }
        return request.build();
    }

    private static AllowedOrigins origins(String... listed) {
        return new AllowedOrigins(new CorsOrigins("ATELIER_CORS_ORIGINS", List.of(listed)));
    }
}
