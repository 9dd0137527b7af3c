package io.atelier.acceptance.crash.reader;

import io.atelier.acceptance.crash.fault.StoreProxy.StoreWrite;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was observed of an avatar besides that which is observed of every job.
 *
 * @param job the id of the job
 * @param imageCount how many images were requested, four for each grid
 * @param hasDistinctPrompts whether each grid has a prompt of its own
 * @param hasSucceeded whether the event of its success was published
 * @param copiesAtEvent the reads of the published copies at the time of that event
 * @param finalCopies the reads of the published copies at the end
 * @param calls the calls of the provider, in order
 * @param objects the objects in its folder at the end, with the times at which they were stored, cut to seconds; empty if they could not be listed
 * @param prompts the prompts of the grids by the keys of their objects
 * @param writes the writes in its folder and of its published copies, in order
 */
record AvatarObservations(
        String job,
        int imageCount,
        boolean hasDistinctPrompts,
        boolean hasSucceeded,
        List<ImageReadResult> copiesAtEvent,
        List<ImageReadResult> finalCopies,
        List<ObservedCall> calls,
        Optional<Map<String, Instant>> objects,
        Map<String, String> prompts,
        List<StoreWrite> writes) {

    AvatarObservations {
        copiesAtEvent = List.copyOf(copiesAtEvent);
        finalCopies = List.copyOf(finalCopies);
        calls = List.copyOf(calls);
        objects = objects.map(Map::copyOf);
        prompts = Map.copyOf(prompts);
        writes = List.copyOf(writes);
    }

    int gridCount() {
        return imageCount / 4;
    }
}
