package io.atelier.acceptance.crash.plan;

import java.util.List;
import java.util.Locale;

/** How the system runs. */
public enum Shape {
    /** Everything in one JVM. */
    STANDALONE,
    /** Each part a process of its own, and two generator workers. */
    SEVERAL;

    /** What can be killed. */
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
