package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.TaskRequest;
import io.atelier.contract.work.PromptRequested;
import io.atelier.contract.work.PublishRequested;
import io.atelier.contract.work.SplitRequested;
import java.util.List;

/** The tasks of an announcement by their kind, for tests. */
final class PublishedTasks {

    private PublishedTasks() {}

    static List<GenerationRequested> generations(Announcement announcement) {
        return tasks(announcement, GenerationRequested.class);
    }

    static List<SplitRequested> splits(Announcement announcement) {
        return tasks(announcement, SplitRequested.class);
    }

    static List<PromptRequested> prompts(Announcement announcement) {
        return tasks(announcement, PromptRequested.class);
    }

    static List<PublishRequested> publications(Announcement announcement) {
        return tasks(announcement, PublishRequested.class);
    }

    private static <T extends TaskRequest> List<T> tasks(Announcement announcement, Class<T> kind) {
        return announcement.tasks().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}
