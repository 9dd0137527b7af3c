package io.atelier.standalone.locate;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of all commands that call a gateway. */
public final class GatewayOptions {

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "The URL of the gateway, such as http://127.0.0.1:8080. Default: ATELIER_URL, otherwise the system that"
                            + " runs from the data folder.")
    private @Nullable String url;

    @Option(names = "--json", description = "Print one JSON object to standard output, and nothing else.")
    private boolean json;

    @Nullable
    String url() {
        return url;
    }

    public boolean json() {
        return json;
    }
}
