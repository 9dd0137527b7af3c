package io.atelier.gateway.api.docs;

import java.time.Duration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Serves a page at {@code /} that creates an image and links to the descriptions and lists. It loads nothing from other servers. */
public final class StartPage {

    private static final String FOLDER = "start-page/";
    private static final MediaType SCRIPT = new MediaType("text", "javascript");
    private static final MediaType STYLE = new MediaType("text", "css");
    private static final CacheControl FIVE_MINUTES = CacheControl.maxAge(Duration.ofMinutes(5));

    private StartPage() {}

    /** {@code GET /} and the files that the page needs. */
    public static RouterFunction<ServerResponse> routes() {
        return file("/", "index.html", MediaType.TEXT_HTML)
                .and(file("/" + FOLDER + "script.js", "script.js", SCRIPT))
                .and(file("/" + FOLDER + "style.css", "style.css", STYLE));
    }

    private static RouterFunction<ServerResponse> file(String path, String name, MediaType type) {
        var resource = new ClassPathResource(FOLDER + name);
        return Retrieval.of(
                path,
                request -> ServerResponse.ok()
                        .contentType(type)
                        .cacheControl(FIVE_MINUTES)
                        .header(PagePolicies.HEADER, PagePolicies.OWN)
                        .bodyValue(resource));
    }
}
