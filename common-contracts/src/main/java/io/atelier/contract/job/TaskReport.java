package io.atelier.contract.job;

/** A worker's report about a task. */
public sealed interface TaskReport extends JobEvent permits JobEvent.TaskStarted, EndReport {

    /** The name of the task within its job. */
    String task();

    /** The number of the attempt, from 1. */
    int attempt();
}
