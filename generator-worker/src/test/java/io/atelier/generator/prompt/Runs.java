package io.atelier.generator.prompt;

import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.remote.Remote;
import io.atelier.generator.remote.Remotes;
import io.atelier.generator.remote.Settings;
import io.atelier.messaging.cancellation.Cancellation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** What enhancers are asked with, in tests. */
final class Runs {

    private Runs() {}

    static GenerationRun run() {
        return run(new Cancellation());
    }

    static GenerationRun run(Cancellation cancellation) {
        return new GenerationRun("gen_test", 1, (phase, step, steps) -> {}, cancellation);
    }

    static Remote remote() {
        return new Remotes(new SimpleMeterRegistry()).open("enhancer", Settings.of());
    }
}
