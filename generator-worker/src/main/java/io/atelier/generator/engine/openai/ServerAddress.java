package io.atelier.generator.engine.openai;

import io.atelier.generator.engine.openai.dialect.Dialect;
import io.atelier.generator.provider.ProviderClients;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Where a server is, as its settings say it. */
final class ServerAddress {

    private static final String VENDOR = "https://api.openai.com/v1";

    private ServerAddress() {}

    /**
     * The address without the last part, which says what is asked for; null if the settings name none.
     *
     * @param setting its name, for people
     * @throws IllegalArgumentException if it is none
     */
    static @Nullable HttpUrl of(OpenAiProperties.Server server, String setting) {
        var written = server.url().isBlank() && server.dialect() == Dialect.OPENAI ? VENDOR : server.url();
        var url = ProviderClients.address(written, setting).orElse(null);
        if (url == null) {
            return null;
        }
        if (!url.username().isEmpty() || !url.password().isEmpty() || url.query() != null || url.fragment() != null) {
            throw new IllegalArgumentException(
                    "%s must have no name, password, query or fragment in it. A key has a setting of its own."
                            .formatted(setting));
        }
        return url;
    }

    /** Whether nobody is answered there without a key. */
    static boolean wantsKey(HttpUrl url) {
        return url.host().endsWith("openai.com");
    }
}
