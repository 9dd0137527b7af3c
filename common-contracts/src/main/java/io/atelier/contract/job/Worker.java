package io.atelier.contract.job;

/**
 * Who has a task.
 *
 * @param id stable for the life of the process, such as {@code generator-host1-4711}
 * @param engine what draws; {@code splitter} for a splitter
 * @param device what it draws on, such as {@code cpu}
 */
public record Worker(String id, String engine, String device) {}
