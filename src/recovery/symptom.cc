#include "recovery/recovery.h"

// Symptoms as people read them.

namespace kintsugi::recovery {

std::string_view text(Symptom symptom) {
  switch (symptom) {
    case Symptom::none:
      return "nothing";
    case Symptom::crashed:
      return "its server has ended";
    case Symptom::hung:
      return "its server does not answer its agent";
    case Symptom::lost:
      return "nothing is heard from it, and no replica receives from it";
    case Symptom::unheard:
      return "its agent is not heard";
    case Symptom::cut_off:
      return "its commits wait, and no replica is there to acknowledge them";
    case Symptom::deserted:
      return "its commits wait, and none of the replicas that it counts on receives from it any more";
    case Symptom::unheeded:
      return "its commits wait, though a replica has had them for seconds: an acknowledgement was lost";
    case Symptom::no_lease:
      return "its agent does not reach the topology";
    case Symptom::no_record:
      return "it has no record any more";
  }
  return "?";
}

}  // namespace kintsugi::recovery
