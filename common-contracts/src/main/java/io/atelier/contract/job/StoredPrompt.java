package io.atelier.contract.job;

/**
 * A prompt that a task wrote from a persona.
 *
 * @param index number of the prompt within its job, from 0; with distinct prompts it is the number of the grid
 * @param text where the prompt is stored
 * @param by what wrote it: {@code flowise} or {@code template}; more values may be added
 * @param millis how long that took, in milliseconds
 */
public record StoredPrompt(int index, StoredText text, String by, long millis) {}
