package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Follows the links of the page at {@code /docs} as a browser does, from a client that sees the gateway below a path. */
final class DocsLinks {

    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]*)\"");
    private static final Pattern CONFIGURATION = Pattern.compile("\"configUrl\" : \"([^\"]*)\"");
    /** Swagger UI is one script. */
    private static final int LARGEST_FILE = 16 << 20;

    private static final JsonMapper JSON = new JsonMapper();

    private final WebTestClient client;
    private final String path;
    private final String proxied;

    /**
     * @param path below which the client sees the gateway; begins with a slash
     * @param proxied the beginning of the path that a proxy takes away, and sends as X-Forwarded-Prefix; empty without a proxy
     */
    DocsLinks(WebTestClient client, String path, String proxied) {
        this.client = client.mutate()
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(LARGEST_FILE))
                .build();
        this.path = path;
        this.proxied = proxied;
    }

    /** Asserts that the page, its assets, its configuration and the description load, and that requests from it go below the path. */
    void assertAllLead() {
        var page = redirect("/docs");
        assertThat(page).startsWith(path + "/swagger-ui/");

        var links = LINK.matcher(text(page));
        int assets = 0;
        while (links.find()) {
            assertThat(text(URI.create(page).resolve(links.group(1)).getPath())).isNotBlank();
            assets++;
        }
        assertThat(assets).isGreaterThan(4);

        var configuration = CONFIGURATION.matcher(text(path + "/swagger-ui/swagger-initializer.js"));
        assertThat(configuration.find()).isTrue();
        assertThat(configuration.group(1)).isEqualTo(path + "/openapi.json/swagger-config");
        var description = json(configuration.group(1)).get("url").stringValue();
        assertThat(description).isEqualTo(path + "/openapi.json");
        var server = json(description).at("/servers/0/url").stringValue();
        assertThat(URI.create(server).getPath()).isEqualTo(path);
        assertThat(text(path + "/v1/models")).contains("pocket");
        assertThat(redirect("/v3/api-docs")).isEqualTo(path + "/openapi.json");
    }

    private String redirect(String from) {
        var response = get(path + from);
        assertThat(response.getStatus().is3xxRedirection()).as(from).isTrue();
        return Objects.requireNonNull(response.getResponseHeaders().getLocation())
                .getPath();
    }

    private JsonNode json(String address) {
        return JSON.readTree(text(address));
    }

    private String text(String address) {
        var response = get(address);
        assertThat(response.getStatus().value()).as(address).isEqualTo(200);
        return new String(Objects.requireNonNull(response.getResponseBody()), StandardCharsets.UTF_8);
    }

    private EntityExchangeResult<byte[]> get(String address) {
        assertThat(address).startsWith(path);
        Consumer<HttpHeaders> proxy = headers -> headers.set("X-Forwarded-Prefix", proxied);
        return client.get()
                .uri(address.substring(proxied.length()))
                .headers(proxied.isEmpty() ? headers -> {} : proxy)
                .exchange()
                .expectBody()
                .returnResult();
    }
}
