# Sources the script that was written, and checks what it gives.
folder <- commandArgs(trailingOnly = TRUE)[1]
source(file.path(folder, "load.R"))
release <- read_release(folder)
data <- release[["observed"]]
stopifnot(
  identical(names(data), c("record", "wave", "person", "group", "well", "well_missing", "hours", "hours_missing", "note_1")),
  nrow(data) == 8,
  data$record[2] == "S-000000000011",
  data$person[4] == 2^52,
  # A cell without a value, with and without a reason; a zero by design; a zero.
  identical(is.na(data$well), c(TRUE, TRUE, FALSE, FALSE, FALSE, TRUE, FALSE, FALSE)),
  identical(as.character(data$well_missing), c("refused", NA, "not_asked", NA, NA, "lost", NA, NA)),
  data$well[3] == 0, data$well[4] == 0, data$well[5] == 1,
  identical(is.na(data$hours), c(FALSE, FALSE, TRUE, TRUE, FALSE, FALSE, FALSE, FALSE)),
  identical(as.character(data$hours_missing)[3:6], c("refused", NA, "not_asked", NA)),
  data$hours[5] == 0, data$hours[6] == 0, data$hours[7] == -12.5,
  abs(data$hours[1] - 0.3) < 1e-15, data$hours[2] == 1e-7,
  # Levels with their own names, in their order, used or not.
  is.factor(data$group),
  identical(as.integer(data$group), 1:8),
  identical(enc2utf8(levels(data$group)), c("north", "NA", "=1+1", "it's \"so\", he said", "two\nlines",
    "`echo' $HOME %s {x} \\n", "Z\u00fcrich \u6771\u4eac \U0001f600", "'=1")),
  identical(levels(data$well_missing), c("refused", "not_asked", "lost")),
  identical(data$note_1[1:6], c(NA, "NA", "0", "'@x", "null", " blank ")),
  attr(data$well, "label") == "felt well",
  attr(data$well, "reasons") == "well_missing",
  attr(data$hours, "unit") == "hours",
  attr(data$hours, "description") == "hours \"worked\" \\ week",
  attr(data, "provenance")[["eclosion.seed"]] == "7",
  comment(data) == "synthetic: no real person"
)
