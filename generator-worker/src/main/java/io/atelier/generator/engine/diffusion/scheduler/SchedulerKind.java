package io.atelier.generator.engine.diffusion.scheduler;

import io.atelier.generator.engine.diffusion.scheduler.training.SchedulerFields;
import java.util.Optional;
import java.util.stream.Stream;

/** The methods that are built: the name that a request uses and the name of diffusers' class. */
public enum SchedulerKind {
    /** Euler's method; no noise is added. */
    EULER("euler", "EulerDiscreteScheduler"),
    /** Euler's method with new noise in each step. */
    EULER_ANCESTRAL("euler-ancestral", "EulerAncestralDiscreteScheduler"),
    /** DPM-Solver++ of second order (2M), with even or Karras' noise levels. */
    DPM_SOLVER_MULTISTEP("dpmpp-2m", "DPMSolverMultistepScheduler"),
    /** For latent consistency models; 1 to 8 steps. */
    LCM("lcm", "LCMScheduler"),
    /** Denoising diffusion implicit models, without added noise. */
    DDIM("ddim", "DDIMScheduler"),
    /** Pseudo linear multistep (PLMS), without Runge-Kutta steps. */
    PNDM("pndm", "PNDMScheduler"),
    /** Euler's method for flow matching: SD 3 and FLUX. */
    FLOW_MATCH_EULER("flow-match-euler", "FlowMatchEulerDiscreteScheduler");

    private final String requestName;
    private final String className;

    SchedulerKind(String requestName, String className) {
        this.requestName = requestName;
        this.className = className;
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

    /** The schedule of a run of a model with these fields. */
    Scheduler schedule(SchedulerFields fields, int steps, int imageTokens) {
        return switch (this) {
            case EULER -> EulerScheduler.of(fields, steps);
            case EULER_ANCESTRAL -> EulerScheduler.ancestral(fields, steps);
            case DPM_SOLVER_MULTISTEP -> DpmSolverScheduler.of(fields, steps);
            case LCM -> LcmScheduler.of(fields, steps);
            case DDIM -> DdimScheduler.of(fields, steps);
            case PNDM -> PndmScheduler.of(fields, steps);
            case FLOW_MATCH_EULER -> FlowMatchScheduler.of(fields, steps, imageTokens);
        };
    }
}
