package io.atelier.gateway.lifecycle;

/** Random jobs of plans that no request has, with fallback models and optional splits. */
class TaskOrderTests extends TaskOrderContract {

    @Override
    ParallelJob job(int seed, boolean fails) {
        return new ParallelJob(seed, fails);
    }
}
