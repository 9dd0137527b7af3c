package io.atelier.gateway.api.request;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;

/** The problem of a new job whose engine no live worker can use: it lacks a setting, or the files of its model are unusable. */
public final class EngineNotConfigured {

    private EngineNotConfigured() {}

    /**
     * The problem, which names the engine in the member {@code engine}.
     *
     * @param reason what is wrong and what to do; may be empty
     */
    public static Problem problem(String engine, String model, String reason) {
        return new Problem(
                        ProblemKind.NOT_CONFIGURED,
                        "Image generation not configured: the engine '%s' of the model '%s' cannot be used. %s"
                                .formatted(engine, model, reason)
                                .strip())
                .header("x-should-retry", "false")
                .with("engine", engine);
    }
}
