package io.atelier.generator.prompt;

import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.SampleSettings;
import io.atelier.worker.cancellation.Cancellation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Runs and HTTP clients for tests of prompt enhancers. */
final class EnhancerFixtures {

    private EnhancerFixtures() {}

    static GenerationRun run() {
        return run(new Cancellation());
    }

    static GenerationRun run(Cancellation cancellation) {
        return new GenerationRun("gen_test", 1, (phase, step, steps) -> {}, cancellation);
    }

    static ProviderClient client() {
        return new ProviderClients(new SimpleMeterRegistry()).open("enhancer", SampleSettings.of());
    }
}
