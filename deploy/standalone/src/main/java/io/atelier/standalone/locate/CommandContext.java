package io.atelier.standalone.locate;

import io.atelier.messaging.settings.SettingVariables;
import io.atelier.standalone.client.Deadline;
import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.console.Console;
import io.atelier.standalone.folder.DataFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Environment of a command: settings, console and the way to start a system.
 *
 * @param settings the environment variables; empty ones are left out
 * @param upCommand the command line that runs a system in the foreground
 */
public record CommandContext(Map<String, String> settings, Console console, List<String> upCommand) {

    public CommandContext {
        settings = SettingVariables.set(settings);
        upCommand = List.copyOf(upCommand);
    }

    public DataFolder data() {
        return new DataFolder(Path.of(settings.getOrDefault("ATELIER_DATA", "data")));
    }

    /** The gateway selected by the options. Fails if none is named and none runs. */
    public GatewayClient gateway(GatewayOptions options) {
        return locator(console).find(url(options));
    }

    /**
     * The gateway selected by the options. Starts a system if none is named and none runs, and shows its progress.
     *
     * @param deadline after which neither the start nor a call of the gateway is waited for
     */
    public GatewayClient gatewayOrStart(GatewayOptions options, Console progress, Deadline deadline) {
        return locator(progress).findOrStart(url(options), deadline);
    }

    private GatewayLocator locator(Console progress) {
        return new GatewayLocator(data(), new BackgroundLauncher(data(), upCommand), progress);
    }

    private @Nullable String url(GatewayOptions options) {
        if (options.url() != null) {
            return options.url();
        }
        var url = settings.get("ATELIER_URL");
        return url == null || url.isBlank() ? null : url;
    }
}
