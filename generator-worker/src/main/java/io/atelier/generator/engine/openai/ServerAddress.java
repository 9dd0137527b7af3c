package io.atelier.generator.engine.openai;

import io.atelier.generator.engine.openai.dialect.Dialect;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.messaging.settings.SettingRefused;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Reads the base address of a server from its settings. */
final class ServerAddress {

    private static final String OPENAI = "https://api.openai.com/v1";

    private ServerAddress() {}

    /**
     * The base address, to which the path of an operation is appended; null if the settings have none.
     *
     * @param setting the name of the setting, for error messages
     * @throws SettingRefused if the address is malformed
     */
    static @Nullable HttpUrl of(OpenAiProperties.Server server, String setting) {
        var text = server.url().isBlank() && server.dialect() == Dialect.OPENAI ? OPENAI : server.url();
        var url = ProviderClients.address(text, setting).orElse(null);
        if (url == null) {
            return null;
        }
        if (!url.username().isEmpty() || !url.password().isEmpty() || url.query() != null || url.fragment() != null) {
            throw new SettingRefused(
                    "%s must not contain a user, a password, a query or a fragment. For a key use the setting 'key' beside it."
                            .formatted(setting));
        }
        return url;
    }

    /** Whether the server answers no request without a key. */
    static boolean needsKey(HttpUrl url) {
        return url.host().endsWith("openai.com");
    }
}
