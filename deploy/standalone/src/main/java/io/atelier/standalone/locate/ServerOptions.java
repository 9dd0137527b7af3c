package io.atelier.standalone.locate;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that all commands share which ask a gateway. */
public final class ServerOptions {

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "The gateway to ask, such as http://127.0.0.1:8080. Otherwise ATELIER_URL, otherwise the system that"
                            + " runs from the data folder.")
    private @Nullable String url;

    @Option(names = "--json", description = "Print one JSON object and nothing else on standard output.")
    private boolean json;

    @Nullable
    String url() {
        return url;
    }

    public boolean json() {
        return json;
    }
}
