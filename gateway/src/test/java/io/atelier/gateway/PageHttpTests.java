package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The HTML pages: the start page and Swagger UI. */
@GatewayHttpTest
class PageHttpTests {

    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]*)\"");

    @Autowired
    private WebTestClient client;

    @Test
    void everyLinkOfTheStartPageLeadsToThisGateway() {
        var links = LINK.matcher(page("/"));
        int checked = 0;
        while (links.find()) {
            var link = links.group(1);
            if (link.equals("data:,")) {
                continue;
            }
            assertThat(link).doesNotContain("//").doesNotStartWith("/");
            client.get()
                    .uri("/" + link)
                    .exchange()
                    .expectStatus()
                    .value(status -> assertThat(status).as(link).isIn(200, 302));
            checked++;
        }
        assertThat(checked).isGreaterThan(5);
    }

    @Test
    void theStartPageHasNoCodeOrStyleInItself() {
        assertThat(page("/")).doesNotContain("<style").doesNotContain("style=").doesNotContain("onclick");
        assertThat(policy("/"))
                .contains("default-src 'none'")
                .contains("script-src 'self'")
                .contains("style-src 'self'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/docs"})
    void everyPageHasAPolicyAndItsType(String path) {
        var headers = headers(location(path));

        assertThat(headers.getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(headers.getFirst("Content-Security-Policy"))
                .contains("default-src 'none'")
                .contains("script-src 'self';");
    }

    @Test
    void everyLinkOfTheDocsLeadsBelowThePathOfAProxy() {
        new DocsLinks(client, "/images/v2", "/images/v2").assertAllLead();
    }

    @Test
    void headOfTheStartPageIsAnswered() {
        client.head().uri("/").exchange().expectStatus().isOk().expectBody().isEmpty();
    }

    private String location(String path) {
        var response = client.get().uri(path).exchange().returnResult(Void.class);
        var target = response.getResponseHeaders().getLocation();
        return target == null ? path : target.getPath();
    }

    private String policy(String path) {
        return Objects.requireNonNull(headers(path).getFirst("Content-Security-Policy"));
    }

    private HttpHeaders headers(String path) {
        return client.get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentTypeCompatibleWith("text/html")
                .expectBody()
                .returnResult()
                .getResponseHeaders();
    }

    private String page(String path) {
        var body = client.get().uri(path).exchange().expectBody().returnResult().getResponseBody();
        return new String(Objects.requireNonNull(body), StandardCharsets.UTF_8);
    }
}
