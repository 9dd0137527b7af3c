package io.atelier.subscriber;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records the jobs that it is notified of. */
class RecordingJobListener implements JobListener {

    final List<String> successes = new CopyOnWriteArrayList<>();
    final List<String> erasures = new CopyOnWriteArrayList<>();

    @Override
    public void succeeded(Job job) {
        successes.add(job.id().value());
    }

    @Override
    public void erased(JobId job) {
        erasures.add(job.value());
    }
}
