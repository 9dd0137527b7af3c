package io.atelier.generator.engine.diffusion.scheduler;

import io.atelier.generator.engine.diffusion.scheduler.training.SchedulerFields;
import java.util.Optional;
import java.util.stream.Stream;

/** The methods that are built: the name that a request uses and the name of diffusers' class. */
public enum SchedulerKind {
    /** Euler's method; no noise is added. */
    EULER("euler", "EulerDiscreteScheduler", (fields, steps, tokens) -> EulerScheduler.of(fields, steps)),
    /** Euler's method with new noise in each step. */
    EULER_ANCESTRAL(
            "euler-ancestral",
            "EulerAncestralDiscreteScheduler",
            (fields, steps, tokens) -> EulerScheduler.ancestral(fields, steps)),
    /** DPM-Solver++ of second order (2M), with even or Karras' noise levels. */
    DPM_SOLVER_MULTISTEP(
            "dpmpp-2m", "DPMSolverMultistepScheduler", (fields, steps, tokens) -> DpmSolverScheduler.of(fields, steps)),
    /** For latent consistency models; 1 to 8 steps. */
    LCM("lcm", "LCMScheduler", (fields, steps, tokens) -> LcmScheduler.of(fields, steps)),
    /** Denoising diffusion implicit models, without added noise. */
    DDIM("ddim", "DDIMScheduler", (fields, steps, tokens) -> DdimScheduler.of(fields, steps)),
    /** Pseudo linear multistep (PLMS), without Runge-Kutta steps. */
    PNDM("pndm", "PNDMScheduler", (fields, steps, tokens) -> PndmScheduler.of(fields, steps)),
    /** Euler's method for flow matching: SD 3 and FLUX. */
    FLOW_MATCH_EULER("flow-match-euler", "FlowMatchEulerDiscreteScheduler", FlowMatchScheduler::of);

    private final String requestName;
    private final String className;
    private final Factory factory;

    SchedulerKind(String requestName, String className, Factory factory) {
        this.requestName = requestName;
        this.className = className;
        this.factory = factory;
    }

    /** The kind with the name of a request. */
    public static Optional<SchedulerKind> named(String requestName) {
        return Stream.of(values())
                .filter(kind -> kind.requestName.equals(requestName))
                .findFirst();
    }

    /** The kind that equals a class of diffusers. */
    static Optional<SchedulerKind> ofClass(String className) {
        return Stream.of(values())
                .filter(kind -> kind.className.equals(className))
                .findFirst();
    }

    /** Such as {@code euler-ancestral}. */
    public String requestName() {
        return requestName;
    }

    /** Such as {@code EulerAncestralDiscreteScheduler}. */
    public String className() {
        return className;
    }

    /** Whether it is for models that were trained by flow matching; those work with no other. */
    public boolean flowMatching() {
        return this == FLOW_MATCH_EULER;
    }

    Scheduler schedule(SchedulerFields fields, int steps, int imageTokens) {
        return factory.schedule(fields, steps, imageTokens);
    }

    /** Creates the schedule of a run from the fields of a model's file. */
    @FunctionalInterface
    private interface Factory {
        Scheduler schedule(SchedulerFields fields, int steps, int imageTokens);
    }
}
