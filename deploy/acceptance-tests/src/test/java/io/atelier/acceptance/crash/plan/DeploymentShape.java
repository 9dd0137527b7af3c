package io.atelier.acceptance.crash.plan;

import java.util.List;
import java.util.Locale;

/** How the system is deployed. */
public enum DeploymentShape {
    /** Everything in one JVM. */
    STANDALONE,
    /** Each part in a separate process, with two generator workers. */
    SEVERAL;

    /** The parts that can be killed. */
    public List<String> victims() {
        return switch (this) {
            case STANDALONE -> List.of("standalone");
            case SEVERAL -> List.of("gateway", "generator", "splitter", "broker", "store");
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
