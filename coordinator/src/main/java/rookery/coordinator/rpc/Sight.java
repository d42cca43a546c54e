package rookery.coordinator.rpc;

import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;

/// A job, and the farm as it was at that moment. A job that ended long ago is not in that farm.
record Sight(Farm farm, Job job) {}
