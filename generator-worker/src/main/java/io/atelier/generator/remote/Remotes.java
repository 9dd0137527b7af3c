package io.atelier.generator.remote;

import io.micrometer.core.instrument.MeterRegistry;

/** Opens the way to servers, and shows in the metrics {@code resilience4j.*} how each does, by the name of its engine. */
public final class Remotes {

    private final Registries registries;

    /** @param meters where the metrics go */
    public Remotes(MeterRegistry meters) {
        registries = Registries.shownIn(meters);
    }

    /** The way to the server behind an engine of that name, once for each name. Opens no connection. */
    public Remote open(String engine, RemoteSettings settings) {
        return new Remote(settings, new Resilience(engine, settings, registries));
    }
}
