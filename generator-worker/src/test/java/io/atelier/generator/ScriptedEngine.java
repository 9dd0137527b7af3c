package io.atelier.generator;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationRun;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/** An engine that runs a function of the test and counts its runs. */
class ScriptedEngine implements GenerationEngine {

    static final String NAME = "scripted";

    private final BiFunction<GenerationRequest, GenerationRun, List<GeneratedImage>> script;
    private final AtomicInteger runs = new AtomicInteger();

    ScriptedEngine(BiFunction<GenerationRequest, GenerationRun, List<GeneratedImage>> script) {
        this.script = script;
    }

    /** An engine that always fails with the same exception. */
    static ScriptedEngine failing(Throwable failure) {
        return new ScriptedEngine((request, run) -> {
            throw ScriptedEngine.<RuntimeException>unchecked(failure);
        });
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String device() {
        return "abacus";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        runs.incrementAndGet();
        return script.apply(request, run);
    }

    int runs() {
        return runs.get();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T unchecked(Throwable failure) throws T {
        throw (T) failure;
    }
}
