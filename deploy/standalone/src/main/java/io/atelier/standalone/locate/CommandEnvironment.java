package io.atelier.standalone.locate;

import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.console.Console;
import io.atelier.standalone.folder.DataFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command finds around it.
 *
 * @param settings the environment variables
 * @param upCommand the words that start a system which stays in the foreground
 */
public record CommandEnvironment(Map<String, String> settings, Console console, List<String> upCommand) {

    public CommandEnvironment {
        settings = Map.copyOf(settings);
        upCommand = List.copyOf(upCommand);
    }

    public DataFolder data() {
        return new DataFolder(Path.of(settings.getOrDefault("ATELIER_DATA", "data")));
    }

    /** The gateway that the options mean, which must be there. */
    public GatewayClient gateway(ServerOptions options) {
        return locator(console).find(url(options));
    }

    /** The gateway that the options mean; where none is named and none runs, one is started, and what happens is told. */
    public GatewayClient gatewayOrStart(ServerOptions options, Console told, Duration within) {
        return locator(told).findOrStart(url(options), within);
    }

    private GatewayLocator locator(Console told) {
        return new GatewayLocator(data(), new BackgroundSystem(data(), upCommand), told);
    }

    private @Nullable String url(ServerOptions options) {
        if (options.url() != null) {
            return options.url();
        }
        var url = settings.get("ATELIER_URL");
        return url == null || url.isBlank() ? null : url;
    }
}
