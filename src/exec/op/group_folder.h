#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "exec/op/merge_keys.h"
#include "mysql/response.h"
#include "plan/merge.h"

namespace kintsugi::exec {

/// Makes one row of the rows that shards have for one group: what is no aggregate is the first one's, the
/// aggregates are put together. Made when the columns have come. For rows of one answer's protocol.
class GroupFolder {
 public:
  /// `folds` lives as long as this. Fails with kShardsDisagree if the columns are not of the types that
  /// aggregates have.
  static Result<GroupFolder> make(std::span<const plan::MergeFold> folds,
                                  std::vector<mysql::ColumnDefinition> columns, std::size_t hidden,
                                  bool binary);

  /// The first row of a group. Both fail where a row does not fit its columns.
  Result<void> begin(std::string_view row);
  /// Another row of it. Fails also where a sum has more digits than servers have.
  Result<void> add(std::string_view row);
  /// Whether the group fulfils all of them.
  bool fulfils(std::span<const plan::MergeFilter> filters) const;
  /// Appends the group's row, without its hidden columns.
  void write(std::string& out) const;

 private:
  /// A column of a row, as it is encoded; nothing is NULL.
  using Field = std::optional<std::string_view>;
  struct State {
    const plan::MergeFold* fold = nullptr;
    std::optional<MergeKeyReader> reader;  ///< of the least and the greatest
    bool null = true;
    std::uint64_t number = 0;  ///< counts, bits
    std::string sum;
    std::string row;  ///< that has the least, the greatest
    MergeKeys keys;   ///< of that
  };

  GroupFolder() = default;
  Result<State> state_of(const plan::MergeFold& fold, std::size_t hidden) const;
  Result<void> split(std::string_view row, std::vector<Field>& fields) const;
  Result<void> split_binary(std::string_view row, std::vector<Field>& fields) const;
  Result<void> fold(State& state, std::string_view row, const std::vector<Field>& fields) const;
  static Result<void> add_to_sum(State& state, const Field& value);
  Result<void> take_extreme(State& state, std::string_view row) const;
  std::uint64_t whole(std::string_view field) const;
  std::string encoded_whole(std::uint64_t number) const;
  /// What the folded column has, as it is encoded.
  std::optional<std::string> result(const State& state) const;

  std::vector<mysql::ColumnDefinition> columns_;
  std::size_t visible_ = 0;
  bool binary_ = false;
  std::vector<State> states_;
  std::string first_;
  std::vector<Field> first_fields_;
  std::vector<Field> fields_;  ///< of the row that comes
};

}  // namespace kintsugi::exec
