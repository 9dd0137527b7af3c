package io.atelier.contract.job;

/**
 * The worker that runs a task.
 *
 * @param id id of the worker, stable for the life of the process, such as {@code generator-host1-4711}
 * @param engine name of the engine; {@code splitter} for a splitter worker
 * @param device device of the engine, such as {@code cpu}
 */
public record Worker(String id, String engine, String device) {}
